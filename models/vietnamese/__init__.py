"""Vietnamese as people type it: folding, numbers, dates, raw keystrokes, names of branches; pure."""

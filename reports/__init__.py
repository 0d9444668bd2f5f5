"""Figures become documents: functions return bytes and touch no file."""

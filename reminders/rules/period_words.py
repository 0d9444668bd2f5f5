"""How the periods of reminders are called."""

from models.periods import parse_period

_ROMAN = ("I", "II", "III", "IV")


def period_words(period: str) -> str:
    """Return "tháng 3/2026", "quý I/2026", "6 tháng đầu năm 2026", "9 tháng năm 2026" or "năm 2026"."""
    found = parse_period(period)
    year, first = found.year, found.first_month
    match found.length:
        case 1:
            return f"tháng {first}/{year}"
        case 3:
            return f"quý {_ROMAN[(first - 1) // 3]}/{year}"
        case 6:
            return f"6 tháng {'đầu' if first == 1 else 'cuối'} năm {year}"
        case 9:
            return f"9 tháng năm {year}"
    return f"năm {year}"

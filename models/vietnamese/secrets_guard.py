"""stub"""
import re, unicodedata
_M = re.compile(r"(tối|tuyệt)\s+mật", re.IGNORECASE)
def mark_in(text: str) -> str | None:
    found = _M.search(unicodedata.normalize("NFC", text))
    return found.group(0).upper() if found else None

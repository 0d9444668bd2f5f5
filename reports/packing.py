"""Office files are zip files; packed without the time of day, equal contents are equal bytes."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def without_times(written: BytesIO) -> bytes:
    """Return a zip file with every part dated the same, in the same order."""
    packed = BytesIO()
    with ZipFile(written) as source, ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            target.writestr(ZipInfo(part.filename, _ZIP_EPOCH), source.read(part), ZIP_DEFLATED)
    return packed.getvalue()

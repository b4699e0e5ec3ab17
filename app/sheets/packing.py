"""The ZIP archive that an XLSX file is: what is looked at before anything of it is believed."""

import io
import re
import zipfile
import zlib
from xml.parsers import expat

from app.domain.errors import DomainError
from app.sheets.limits import MOST_OTHER_PART, MOST_PARTS, MOST_TEXTS, MOST_UNPACKED

_MANIFEST = "[Content_Types].xml"
_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_TEXTS = re.compile(r"/?xl/sharedStrings\.xml", re.IGNORECASE)
_PICTURES = re.compile(r"/?xl/media/.*", re.IGNORECASE)
_STEP = 4096
_LONGEST_PROLOGUE = 16 * _STEP


class _Seen(Exception):
    """The first element has begun: what could have been declared before it, has been."""


def open_package(content: bytes, name: str) -> zipfile.ZipFile:
    """The archive, if its parts together are of a reasonable size, are not encrypted and declare no entities.

    Nothing is unpacked beyond the size that the archive's directory states: `zipfile` stops there.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(name) from error
    parts = package.infolist()
    if any(part.flag_bits & 0x1 for part in parts):
        raise DomainError(
            f"{name} is protected by a password. Save it without one and choose that file.", "file"
        )
    if _MANIFEST not in package.namelist():
        raise DomainError(
            f"{name} is an archive and not an XLSX workbook. "
            "Open it, save it as XLSX or CSV, and choose that file.",
            "file",
        )
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_UNPACKED
        or any(map(_is_huge, parts))
    ):
        raise DomainError(
            f"{name} unpacks to far more than its size suggests. "
            "Copy the table into a new workbook, or save it as CSV.",
            "file",
        )
    for part in parts:
        _refuse_declarations(package, part, name)
    return package


def _damaged(name: str) -> DomainError:
    return DomainError(
        f"{name} is damaged: it is an XLSX file by its beginning, but cannot be unpacked. "
        "Save it again, or as CSV.",
        "file",
    )


def _is_huge(part: zipfile.ZipInfo) -> bool:
    if _SHEET.fullmatch(part.filename) or _PICTURES.fullmatch(part.filename):
        return False
    return part.file_size > (MOST_TEXTS if _TEXTS.fullmatch(part.filename) else MOST_OTHER_PART)


def _refuse_declarations(package: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """No spreadsheet writes a document type; whoever does wants entities that grow or that fetch files."""

    def begun(*_: object) -> None:
        raise _Seen

    def declared(*_: object) -> None:
        raise DomainError(
            f"{name} holds XML declarations that no spreadsheet writes, and was not read.", "file"
        )

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = begun
    try:
        with package.open(part) as source:
            while (piece := source.read(_STEP)) and source.tell() <= _LONGEST_PROLOGUE:
                parser.Parse(piece)
            if piece:
                declared()
    except (_Seen, expat.ExpatError):  # a picture is no XML and declares nothing
        return
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise _damaged(name) from error

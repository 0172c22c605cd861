"""What a config file came to, kept in the state folder, so that the same text need not be checked at every run.

Loading the library that checks, and building the models, costs a run that finds nothing to do a fifth of its time. A
kept configuration counts for the same text at the same place, read by the same program; anything else is checked
again. It holds what the config file holds, no secret (those are references), and lies where the store lies.
"""

import hashlib
import importlib.util
import io
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

from sheets_sync import __version__
from sheets_sync.config.files import replace_bytes
from sheets_sync.config.state import is_own_folder
from sheets_sync.config.values import Config

_DIGEST = 32
_PLAIN = {
    "pathlib": {"Path", "PosixPath", "WindowsPath"},
    "datetime": {"date", "timedelta"},
    "builtins": {"frozenset", "set"},
}
"""What a kept configuration is made of beside our own values."""


def understood_before(text: str, file: Path, state: Path) -> Config | None:
    """The configuration that this text at `file` came to earlier; None when it must be checked (again)."""
    try:
        kept = _place(file, state).read_bytes() if is_own_folder(state) else b""
        if kept[:_DIGEST] != _digest(text, file, state):
            return None
        found = _Values(io.BytesIO(kept[_DIGEST:])).load()
    except Exception:  # a damaged file fails in any way it likes; the text is simply checked again
        return None
    return found if isinstance(found, Config) else None


def keep_understood(config: Config, text: str) -> None:
    """Keep what this text came to, if there is a state folder already; a full or read-only disk only costs time."""
    try:
        if is_own_folder(config.state):
            content = _digest(text, config.file, config.state) + pickle.dumps(config)
            replace_bytes(_place(config.file, config.state), content)
    except OSError:
        return


class _Values(pickle.Unpickler):
    """Makes values only: our own classes and a few plain ones, never a function."""

    def find_class(self, module: str, name: str) -> object:
        """The class of this name. Raises UnpicklingError for anything else."""
        if name not in _PLAIN.get(module, ()):
            found = super().find_class(module, name) if module.startswith("sheets_sync.") else None
            if not (isinstance(found, type) and found.__module__ == module and "." not in name):
                raise pickle.UnpicklingError(f"{module}.{name} is no value of a configuration")
            return found
        return super().find_class(module, name)


def _place(file: Path, state: Path) -> Path:
    return state / f"config-{hashlib.sha256(str(file).encode()).hexdigest()[:16]}.kept"


def _digest(text: str, file: Path, state: Path) -> bytes:
    """Of everything that what the text comes to depends on."""
    parts = (text, str(file), str(state), str(Path.home()), __version__, sys.version, *_program())
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _program() -> Iterator[str]:
    """When our own files, and the folder of the libraries, last changed."""
    package = Path(__file__).parents[1]
    for folder in ("config", "core"):
        for source in sorted((package / folder).glob("*.py")):
            yield f"{source.name}:{source.stat().st_mtime_ns}"
    library = importlib.util.find_spec("pydantic")
    if library is not None and library.origin is not None:
        yield str(Path(library.origin).parents[1].stat().st_mtime_ns)

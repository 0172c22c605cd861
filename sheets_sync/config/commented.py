"""A table of the configuration as commented TOML: given keys as they are, all others shown but switched off.

A line beginning "# " is prose; a line beginning "#" without a blank is a key that can be switched on by taking the
"#" away. Not here: which values are given (example.py, write.py).
"""

from collections.abc import Iterator, Mapping

from pydantic.fields import FieldInfo

from sheets_sync.config.table import Table
from sheets_sync.config.toml_text import toml_comment, toml_line


def keys_text(model: type[Table], given: Mapping[str, object]) -> str:
    """Every key of `model` that holds one value, each below its description; keys not in `given` are switched off."""
    return "\n".join(_keys(model, given))


def table_text(header: str, description: str, keys: Mapping[str, object], *, on: bool) -> str:
    """A table whose keys are free (columns, status words, rules)."""
    mark = "" if on else "#"
    lines = [f"{mark}[{header}]", *(f"{mark}{toml_line(key, value)}" for key, value in keys.items())]
    return "\n".join([toml_comment(description), *lines])


def fixed_table_text(header: str, model: type[Table], description: str, given: Mapping[str, object]) -> str:
    """A table whose keys are the fields of `model`; its header is switched off when nothing is given."""
    mark = "" if given else "#"
    return "\n".join([toml_comment(description), f"{mark}[{header}]", *_keys(model, given)])


def description(model: type[Table], key: str) -> str:
    """What the model says about one of its keys."""
    return model.model_fields[key].description or ""


def example(model: type[Table], key: str) -> object:
    """The value the model shows for one of its keys: its first example, else its default."""
    return _shown(model.model_fields[key])


def _keys(model: type[Table], given: Mapping[str, object]) -> Iterator[str]:
    for key, info in model.model_fields.items():
        if key in model.table_keys:
            continue
        yield toml_comment(info.description or "")
        yield toml_line(key, given[key]) if key in given else "#" + toml_line(key, _shown(info))


def _shown(info: FieldInfo) -> object:
    return info.examples[0] if info.examples else info.default

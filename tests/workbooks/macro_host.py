"""Excel and Windows as our macros meet them, for an interpreter of VBA: what they read, set and start is kept."""

import ntpath
import re
from dataclasses import dataclass, field

from pyopenvba.interpreter import NOTHING, HostBridge, Interpreter, VBAInt, VBAObject, member, method, setter
from pyopenvba.interpreter._preprocess import strip_directives
from pyopenvba.interpreter._runtime import UNRESOLVED
from pyopenvba.interpreter._values import error

from sheets_sync.workbooks.macros.sources import addin_modules

PATH_FILE = r"C:\Users\Ana\AppData\Local\sheets-sync\excel-python.txt"
PYTHON = r"C:\Users\Ana\tools\Scripts\pythonw.exe"
_ATTRIBUTE = re.compile("^Attribute .*$", re.MULTILINE)
_VARIABLE = re.compile("%([^%]+)%")


@dataclass
class Machine:
    """A computer. `read` are the files that were opened, `started` what was run: command line, variables, folder."""

    files: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=lambda: {"LOCALAPPDATA": r"C:\Users\Ana\AppData\Local"})
    folder: str = r"\\server\plans"
    book: str | None = "Plan.xlsm"
    language: int = 1033
    exit_code: int = 0
    may_start: bool = True
    read: list[str] = field(default_factory=list)
    started: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    scripts: list[tuple[str, str, str]] = field(default_factory=list)
    script_answer: str = "started"

    def expanded(self, text: str) -> str:
        return _VARIABLE.sub(lambda found: self.variables.get(found[1], found[0]), text)


class Variables(VBAObject):
    def __init__(self, machine):
        self.machine = machine

    @member(default=True)
    def Item(self, name):  # noqa: N802
        return self.machine.variables.get(str(name), "")

    @setter("Item")
    def set_item(self, name, value):
        self.machine.variables[str(name)] = str(value)

    @method
    def Remove(self, name):  # noqa: N802
        del self.machine.variables[str(name)]


class Shell(VBAObject):
    """WScript.Shell: a command line gets the values of variables before it runs, once."""

    def __init__(self, machine):
        self.machine = machine

    @method
    def ExpandEnvironmentStrings(self, text):  # noqa: N802
        return self.machine.expanded(str(text))

    @member
    def Environment(self, kind):  # noqa: N802
        assert str(kind) == "PROCESS"
        return Variables(self.machine)

    @member
    def CurrentDirectory(self):  # noqa: N802
        return self.machine.folder

    @setter("CurrentDirectory")
    def set_folder(self, value):
        self.machine.folder = str(value)

    @method
    def Run(self, command, style, wait):  # noqa: N802
        assert (int(style), bool(wait)) == (0, True)
        if not self.machine.may_start:
            raise error(70, "Permission denied")
        self.machine.started.append(
            (self.machine.expanded(str(command)), dict(self.machine.variables), self.machine.folder)
        )
        return VBAInt(self.machine.exit_code, "Long")


class TextStream(VBAObject):
    def __init__(self, text):
        self.lines = text.split("\r\n")

    @method
    def ReadLine(self):  # noqa: N802
        return self.lines.pop(0)

    @method
    def Close(self):  # noqa: N802
        pass


class Files(VBAObject):
    """Scripting.FileSystemObject."""

    def __init__(self, machine):
        self.machine = machine

    @method
    def FileExists(self, path):  # noqa: N802
        return str(path) in self.machine.files

    @method
    def OpenTextFile(self, path, mode, create, form):  # noqa: N802
        assert (int(mode), bool(create), int(form)) == (1, False, -1), "read only, as Unicode"
        self.machine.read.append(str(path))
        return TextStream(self.machine.files[str(path)])

    @method
    def GetParentFolderName(self, path):  # noqa: N802
        return ntpath.dirname(str(path))

    @method
    def GetFileName(self, path):  # noqa: N802
        return ntpath.basename(str(path))


class Languages(VBAObject):
    def __init__(self, machine):
        self.machine = machine

    @member
    def LanguageID(self, kind):  # noqa: N802
        return VBAInt(self.machine.language, "Long")


class Application(VBAObject):
    def __init__(self, machine):
        self.machine = machine

    @member
    def Hwnd(self):  # noqa: N802
        return VBAInt(1_049_600, "Long")

    @member
    def LanguageSettings(self):  # noqa: N802
        return Languages(self.machine)


class Book(VBAObject):
    """Only its name can be asked for: a macro that reads a cell, a name or a path fails."""

    def __init__(self, machine):
        self.machine = machine

    @member
    def Name(self):  # noqa: N802
        return self.machine.book


class Host(HostBridge):
    def __init__(self, machine):
        self.machine = machine

    def global_object(self, name):
        if name.lower() == "application":
            return Application(self.machine)
        if name.lower() == "activeworkbook":
            return NOTHING if self.machine.book is None else Book(self.machine)
        return UNRESOLVED

    def create(self, type_name_):
        return {"wscript.shell": Shell, "scripting.filesystemobject": Files}[type_name_.lower()](self.machine)

    def has_global_member(self, name):
        return name.lower() == "applescripttask"

    def call_global(self, name, args, named):
        assert name.lower() == "applescripttask"
        script, routine, argument = (str(value) for value in args)
        self.machine.scripts.append((script, routine, argument))
        return self.machine.script_answer


def ready(**chosen):
    """A computer on which sheets-sync was set up."""
    machine = Machine(**chosen)
    return machine if machine.files else Machine(files={PATH_FILE: f"{PYTHON}\r\n", PYTHON: ""}, **chosen)


def press(machine, routine="SyncPlan", *, mac=False):
    """Run one of our macros; returns the texts of the messages it showed."""
    interpreter = Interpreter(Host(machine))
    for module in addin_modules():
        source = _ATTRIBUTE.sub("", module.source)
        source = strip_directives(source, constants={"Mac": mac, "Win64": not mac, "Win32": not mac})
        interpreter.add_module(source, name=module.name)
    interpreter.run(routine, [NOTHING] if routine.startswith("SheetsSync") else [])
    return [prompt for _, prompt, _, _ in interpreter.dialogs]

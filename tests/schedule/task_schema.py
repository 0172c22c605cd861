"""The part of the schema of Windows tasks ([MS-TSCH] 2.5) that ours uses: elements, their order, their values."""

_BOOLEANS = (
    "DisallowStartIfOnBatteries",
    "StopIfGoingOnBatteries",
    "AllowHardTerminate",
    "StartWhenAvailable",
    "RunOnlyIfNetworkAvailable",
    "AllowStartOnDemand",
    "Enabled",
    "Hidden",
    "RunOnlyIfIdle",
    "WakeToRun",
)


def _elements(names: tuple[str, ...], kind: str) -> str:
    return "".join(f'<xs:element name="{name}" type="{kind}" minOccurs="0"/>' for name in names)


def _choice(name: str, *values: str) -> str:
    allowed = "".join(f'<xs:enumeration value="{value}"/>' for value in values)
    restriction = f'<xs:restriction base="xs:string">{allowed}</xs:restriction>'
    return f'<xs:element name="{name}" minOccurs="0"><xs:simpleType>{restriction}</xs:simpleType></xs:element>'


def _group(name: str, order: str, content: str, attribute: str = "") -> str:
    kind = f"<xs:complexType><xs:{order}>{content}</xs:{order}>{attribute}</xs:complexType>"
    return f'<xs:element name="{name}" minOccurs="0">{kind}</xs:element>'


_REPETITION = _group(
    "Repetition",
    "all",
    '<xs:element name="Interval" type="xs:duration"/>'
    + _elements(("Duration",), "xs:duration")
    + _elements(("StopAtDurationEnd",), "xs:boolean"),
)
_TRIGGER = _group(
    "TimeTrigger",
    "sequence",
    _elements(("Enabled",), "xs:boolean")
    + _elements(("StartBoundary", "EndBoundary"), "xs:dateTime")
    + _REPETITION
    + _elements(("ExecutionTimeLimit", "RandomDelay"), "xs:duration"),
)
_PRINCIPAL = _group(
    "Principal",
    "all",
    _elements(("UserId",), "xs:string")
    + _choice("LogonType", "S4U", "Password", "InteractiveToken", "InteractiveTokenOrPassword")
    + _choice("RunLevel", "LeastPrivilege", "HighestAvailable"),
    '<xs:attribute name="id" type="xs:ID"/>',
)
_SETTINGS = _group(
    "Settings",
    "all",
    _elements(_BOOLEANS, "xs:boolean")
    + _choice("MultipleInstancesPolicy", "Parallel", "Queue", "IgnoreNew", "StopExisting")
    + _choice("Priority", *map(str, range(11)))
    + _elements(("ExecutionTimeLimit",), "xs:duration"),
)
_EXEC = _group(
    "Exec",
    "all",
    '<xs:element name="Command" type="xs:string"/>' + _elements(("Arguments", "WorkingDirectory"), "xs:string"),
)
_TASK = _group(
    "Task",
    "all",
    _group("RegistrationInfo", "all", _elements(("Author", "Description"), "xs:string"))
    + _group("Triggers", "sequence", _TRIGGER)
    + _group("Principals", "sequence", _PRINCIPAL)
    + _SETTINGS
    + _group("Actions", "sequence", _EXEC, '<xs:attribute name="Context" type="xs:IDREF"/>'),
    '<xs:attribute name="version"/>',
).replace(' minOccurs="0"', "", 1)

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
SCHEMA = f"""\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{NAMESPACE}" elementFormDefault="qualified">
{_TASK}
</xs:schema>"""

"""The demonstration's plan and its week, as plain values. Days count from the Monday of the run (0)."""

from typing import NamedTuple

HEADERS = (
    "Action", "Owner", "Start", "Due", "Status", "Done on", "Progress", "Done when",
    "Goal", "KPI", "Priority", "Effective?", "Last update", "Depends on", "Help needed", "Notes",
)  # fmt: skip


class Line(NamedTuple):
    """One action as its team typed it. Dates are days from the Monday of the run; `due` may be text."""

    action: str
    owner: str = ""
    start: int | None = None
    due: int | str | None = None
    status: str = ""
    done_when: str = ""
    goal: str = ""
    kpi: str = ""
    priority: str = ""
    progress: float | None = None
    updated: int | None = None
    note: str = ""


LINES = (
    Line("Publish the new price list on the intranet", "Ana Lima", -25, -4, "In progress", "list online", "G1",
         priority="High", progress=0.6, updated=-8, note="waiting for two prices"),
    Line("Count the stock of the 40 A items", "Rui Costa", -30, -20, "In progress", "count sheet signed", "G2", "K2"),
    Line("Install the torque limiter on press 3", "Marta Silva", -14, 0, "In progress", "limiter in use", "G3", "K3",
         progress=0.9, updated=-3),
    Line("Train the 12 line-2 operators on the new checklist", "Jo Chen", -10, 2, "In progress", "12 signatures",
         "G3", progress=0.7, updated=-4),
    Line("Sign the maintenance contract with the new supplier", "Rui Costa", -6, 4, "In progress", "contract signed",
         "G2", progress=0.5, updated=-3),
    Line("Migrate the 20 suppliers to the new portal", "Ana Lima", -40, 12, "Not started", "20 log-ins", "G1"),
    Line("Redesign the packaging of product line B", "Lena Novak", -50, 20, "In progress", "drawing released", "G4",
         progress=0.2, updated=-5),
    Line("Write the cleaning procedure for tank 2", "Marta Silva", -30, 45, "In progress", "procedure released", "G3",
         progress=0.6, updated=-26),
    Line("Replace the 8 worn conveyor rollers", "Omar Haddad", -6, 40, "Not started", "8 rollers replaced", "G2"),
    Line("Negotiate the transport rates for next year", "Lena Novak", 20, 60, "Not started", "rates signed", "G2"),
    Line("Build the weekly scrap dashboard", "Jo Chen", -15, 30, "In progress", "dashboard on the board", "G3", "K3",
         progress=0.5, updated=-4),
    Line("Move the spare parts store next to workshop 1", "Omar Haddad", -5, 3, "In progress", "store moved", "G2",
         progress=0.7, updated=-2),
    Line("Order the vision camera for the packing line", "Marta Silva", -12, 18, "Blocked", "order placed", "G3",
         updated=-6, note="budget approval pending"),
    Line("Certify the lab for the new norm", "Lena Novak", -20, 50, "On hold", "certificate received", "G4",
         updated=-6),
    Line("Draft the second-shift handover checklist", "Rui Costa", 15, 40, "Not started", "checklist used 5 days",
         "G3"),
    Line("Open the customer portal for 3 pilot customers", "Ana Lima", -8, 26, "In progress", "3 customers log in",
         "G1", progress=0.4, updated=-2),
    Line("Offer a loyalty discount to the 10 largest accounts", "Ana Lima", None, 30, "Proposed", "", "G1"),
    Line("Set up a supplier day in spring", "Lena Novak", None, 90, "Proposed", "date agreed", "G4"),
    Line("Repair the roof above bay 4", "", -10, 14, "In progress", "no leak after rain", "G2", updated=-3),
    Line("Update the risk assessment of bay 2", "Maintenance team", -5, 21, "In progress", "assessment signed", "G3",
         updated=-3),
    Line("Choose the new label printer", "Jo Chen / Rui Costa", -5, 10, "In progress", "printer ordered", "G2",
         updated=-3),
    Line("Archive the paper records of 2019", "Omar Haddad", None, None, "In progress", "boxes collected", "",
         updated=-4),
    Line("Renew the calibration of 6 scales", "Marta Silva", -5, "after the audit", "In progress", "6 certificates",
         "G3", "K3", updated=-3),
    Line("TBD", "Jo Chen", None, 15, "Not started"),
    Line("Improve communication with the plant", "Lena Novak", -5, 28, "In progress", "", "G4", updated=-3),
    Line("Number of late orders", "Rui Costa", None, 24, "Not started", "", "G1"),
    Line("Review stock", "Omar Haddad", 5, 33, "Not started", "", "G2"),
    Line("Buy, install and validate the scanner and train the staff", "Marta Silva", 8, 44, "Not started",
         "scanner in use", "G3"),
    Line("Hold a 15-minute shift handover at 14:00", "Jo Chen", -12, 17, "Doing it", "checklist signed daily", "G3",
         updated=-3),
    Line("Publish the visit report of customer Kappa", "Ana Lima", -20, -6, "In progress", "report sent", "G1"),
    Line("Label the 60 storage locations", "Omar Haddad", -20, -2, "In progress", "60 labels", "G2"),
    Line("Fix the leaking valve on boiler 1", "Marta Silva", -30, -15, "In progress", "no drop for 5 days", "G3"),
    Line("Replace the bin labels that look alike", "Jo Chen", -60, -35, "In progress", "no mix-up for 4 weeks", "G3",
         "K3"),
    Line("Change the glue supplier", "Lena Novak", -60, -30, "In progress", "glue test passed", "G3", "K3"),
    Line("Retrain the packers on the scale", "Jo Chen", -50, -32, "In progress", "6 signatures", "G3", "K3"),
    Line("Print the 2025 safety calendar", "Omar Haddad", -30, 25, "In progress", "calendar on 4 boards", ""),
    Line("Close the old ticket mailbox", "Ana Lima", -100, -60, "Done", "mailbox closed", "G1"),
    Line("Paint the walkways in hall 2", "Omar Haddad", -90, -50, "Done", "walkways painted", "G2"),
    Line("Scrap the two old forklifts", "Rui Costa", -80, -45, "Cancelled", "", "G2"),
    Line("Translate the safety video into Polish", "Lena Novak", -70, -40, "Done", "video on the intranet", "G4"),
)  # fmt: skip


class Typed(NamedTuple):
    """One cell a person typed during the week: the action's text names the row; a whole number is a day."""

    action: str
    header: str
    value: int | float | str


WEEK = (
    Typed("Publish the visit report of customer Kappa", "Status", "Done"),
    Typed("Publish the visit report of customer Kappa", "Done on", -6),
    Typed("Label the 60 storage locations", "Status", "Done"),
    Typed("Label the 60 storage locations", "Done on", -2),
    Typed("Fix the leaking valve on boiler 1", "Status", "Done"),
    Typed("Fix the leaking valve on boiler 1", "Done on", -3),
    Typed("Replace the bin labels that look alike", "Status", "Done"),
    Typed("Replace the bin labels that look alike", "Done on", -35),
    Typed("Replace the bin labels that look alike", "Effective?", "yes"),
    Typed("Change the glue supplier", "Status", "Done"),
    Typed("Change the glue supplier", "Done on", -30),
    Typed("Retrain the packers on the scale", "Status", "Done"),
    Typed("Retrain the packers on the scale", "Done on", -32),
    Typed("Retrain the packers on the scale", "Effective?", "no"),
    Typed("Print the 2025 safety calendar", "Status", "Cancelled"),
    Typed("Open the customer portal for 3 pilot customers", "Progress", 0.6),
    Typed("Open the customer portal for 3 pilot customers", "Notes", "2 of 3 customers logged in"),
    Typed("Order the vision camera for the packing line", "Notes", "asked finance again on Thursday"),
    Typed("Order the vision camera for the packing line", "Help needed", "Lena Novak: approve 12,400 euros for it"),
    Typed("Train the 12 line-2 operators on the new checklist", "Depends on", "A-0003"),
    Typed("Build the weekly scrap dashboard", "Due", "when the fair is over"),
)

NEWCOMER = Line(
    "Measure the noise at the 5 filling stations", "Omar Haddad", -3, 22, "In progress", "report on file", "G3",
    updated=-3,
)  # fmt: skip

PEOPLE = (
    ("Name", "Email", "Team", "Leader"),
    ("Ana Lima", "ana.lima@example.com", "Sales", "Lena Novak"),
    ("Rui Costa", "rui.costa@example.com", "Logistics", "Lena Novak"),
    ("Marta Silva", "marta.silva@example.com", "Production", "Lena Novak"),
    ("Jo Chen", "jo.chen@example.com", "Production", "Marta Silva"),
    ("Omar Haddad", "omar.haddad@example.com", "Logistics", "Rui Costa"),
    ("Lena Novak", "lena.novak@example.com", "Management", ""),
)

KEEPER = "Iris Berg"
LEADER = "Lena Novak"
AWAY = "Omar Haddad"
"""Away for the week of the run, so that somebody else is told of his rows."""
LINK = "https://plans.example.com/plant-improvement-plan.xlsx"

GOALS = (
    ("Id", "Goal", "Owner", "Priority", "State"),
    ("G1", "Grow repeat orders by 10 %", "Ana Lima", 1, "active"),
    ("G2", "Deliver 98 % on time", "Rui Costa", 2, "active"),
    ("G3", "Halve the scrap", "Marta Silva", 1, "active"),
    ("G4", "Win two new sectors", "Lena Novak", 3, "active"),
)

KPIS = (
    ("Id", "KPI", "Goal", "Owner", "Direction", "Target", "Frequency", "Kind"),
    ("K1", "Repeat orders per month", "G1", "Ana Lima", "up", 120, "monthly", "lag"),
    ("K2", "Orders on time, %", "G2", "Rui Costa", "up", 98, "monthly", "lag"),
    ("K3", "Scrap, kg per shift", "G3", "Marta Silva", "down", 40, "weekly", "lead"),
)

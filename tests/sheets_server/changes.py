"""Which function does which kind of batchUpdate request. All work on a draft: a batch is all or nothing."""

from collections.abc import Callable

from . import changes_cells, changes_lines, changes_metadata, changes_objects, changes_rules, changes_sheets
from .discovery import document
from .errors import ApiError, Json, invalid
from .masks import mask_of
from .scene import Scene

Change = Callable[[Scene, Json], Json | None]

CHANGES: dict[str, Change] = {
    "updateSpreadsheetProperties": changes_sheets.update_spreadsheet_properties,
    "updateSheetProperties": changes_sheets.update_sheet_properties,
    "addSheet": changes_sheets.add_sheet,
    "deleteSheet": changes_sheets.delete_sheet,
    "duplicateSheet": changes_sheets.duplicate_sheet,
    "updateCells": changes_cells.update_cells,
    "repeatCell": changes_cells.repeat_cell,
    "appendCells": changes_cells.append_cells,
    "setDataValidation": changes_cells.set_data_validation,
    "copyPaste": changes_cells.copy_paste,
    "cutPaste": changes_cells.cut_paste,
    "sortRange": changes_cells.sort_range,
    "findReplace": changes_cells.find_replace,
    "textToColumns": changes_cells.text_to_columns,
    "insertDimension": changes_lines.insert_dimension,
    "appendDimension": changes_lines.append_dimension,
    "deleteDimension": changes_lines.delete_dimension,
    "moveDimension": changes_lines.move_dimension,
    "updateDimensionProperties": changes_lines.update_dimension_properties,
    "autoResizeDimensions": changes_lines.auto_resize,
    "addDimensionGroup": changes_lines.add_group,
    "deleteDimensionGroup": changes_lines.delete_group,
    "addConditionalFormatRule": changes_rules.add_rule,
    "updateConditionalFormatRule": changes_rules.update_rule,
    "deleteConditionalFormatRule": changes_rules.delete_rule,
    "addProtectedRange": changes_rules.add_protection,
    "updateProtectedRange": changes_rules.update_protection,
    "deleteProtectedRange": changes_rules.delete_protection,
    "addNamedRange": changes_rules.add_named_range,
    "updateNamedRange": changes_rules.update_named_range,
    "deleteNamedRange": changes_rules.delete_named_range,
    "mergeCells": changes_rules.merge_cells,
    "unmergeCells": changes_rules.unmerge_cells,
    "setBasicFilter": changes_rules.set_basic_filter,
    "clearBasicFilter": changes_rules.clear_basic_filter,
    "addTable": changes_objects.add_table,
    "updateTable": changes_objects.update_table,
    "deleteTable": changes_objects.delete_table,
    "addFilterView": changes_objects.add_filter_view,
    "deleteFilterView": changes_objects.delete_filter_view,
    "addBanding": changes_objects.add_banding,
    "deleteBanding": changes_objects.delete_banding,
    "createDeveloperMetadata": changes_metadata.create,
    "updateDeveloperMetadata": changes_metadata.update,
    "deleteDeveloperMetadata": changes_metadata.delete,
}


_MASKED = {
    "updateCells": "CellData",
    "repeatCell": "CellData",
    "appendCells": "CellData",
    "updateSheetProperties": "SheetProperties",
    "updateSpreadsheetProperties": "SpreadsheetProperties",
    "updateDimensionProperties": "DimensionProperties",
    "updateNamedRange": "NamedRange",
    "updateProtectedRange": "ProtectedRange",
    "updateDeveloperMetadata": "DeveloperMetadata",
    "updateTable": "Table",
}
"""What the field mask of a request is about."""


def _check_fields(kind: str, asked: Json) -> None:
    if kind not in _MASKED:
        return
    if not asked.get("fields"):
        raise invalid("At least one field must be listed in 'fields'. (use '*' to indicate all fields.)")
    lost = document("sheets.v4").unknown_path(_MASKED[kind], mask_of(asked["fields"]))
    if lost:
        raise invalid(f"Invalid field: {lost}")


def apply(scene: Scene, requests: list[Json]) -> list[Json]:
    """Do all requests in their order on the scene's draft; the replies. A refusal names the request."""
    if not requests:
        raise invalid("Must specify at least one request.")
    replies: list[Json] = []
    for number, request in enumerate(requests):
        if len(request) != 1:
            raise invalid(f"Invalid requests[{number}]: must have exactly one kind of request set.")
        ((kind, asked),) = request.items()
        if kind not in CHANGES:
            raise ApiError(501, f"The test server does not know {kind}.", status="UNIMPLEMENTED")
        try:
            _check_fields(kind, asked)
            reply = CHANGES[kind](scene, asked)
        except ApiError as refusal:
            raise refusal.inside(f"requests[{number}].{kind}") from None
        replies.append({kind: reply} if reply is not None else {})
    return replies

Attribute VB_Name = "SheetsSyncRibbon"
Option Explicit
'sheets-sync button, macro version 1
'
'Origin: the sheets-sync project. Every line was written for it; none comes from elsewhere, and no xlwings code is here.
'Licence: MIT, as sheets-sync itself. Copyright the sheets-sync authors.
'
'What the buttons of the ribbon tab do. The module SheetsSync beside this one starts sheets-sync.

Public Sub SheetsSyncSync(control As Object)
    PressSheetsSync "sync"
End Sub

Public Sub SheetsSyncCheck(control As Object)
    PressSheetsSync "check"
End Sub

Public Sub SheetsSyncExplain(control As Object)
    PressSheetsSync "explain"
End Sub

Public Sub SheetsSyncPreviewMails(control As Object)
    PressSheetsSync "preview-mails"
End Sub

Public Sub SheetsSyncUndo(control As Object)
    PressSheetsSync "undo"
End Sub

Public Sub SheetsSyncLastResult(control As Object)
    PressSheetsSync "last-result"
End Sub

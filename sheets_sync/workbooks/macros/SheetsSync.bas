Attribute VB_Name = "SheetsSync"
Option Explicit
'sheets-sync button, macro version 1
'
'Origin: the sheets-sync project. Every line was written for it; none comes from elsewhere, and no xlwings code is here.
'Licence: MIT, as sheets-sync itself. Copyright the sheets-sync authors.
'
'Starts the sheets-sync of the person who pressed, for the workbook in front of them. No setting is read from a workbook
'or its folder. Which Python is started stands in a file of that person's own profile, written there by the command
'"sheets-sync excel addin" (or "excel button"):
'  Windows  %LOCALAPPDATA%\sheets-sync\excel-python.txt
'  macOS    ~/Library/Application Scripts/com.microsoft.Excel/sheets-sync.applescript
'It is started isolated (-I), in its own folder, without a console. The workbook's name never gets onto a command line.

Private Const MACRO_VERSION As String = "1"

Public Sub SyncPlan()
Attribute SyncPlan.VB_Description = "Checks the plan in this workbook, flags its rows, and says what it found (sheets-sync)."
Attribute SyncPlan.VB_ProcData.VB_Invoke_Func = "Y\n14"
    PressSheetsSync "sync"
End Sub

Public Sub PressSheetsSync(ByVal action As String)
    If ActiveWorkbook Is Nothing Then
        MsgBox InOwnLanguage( _
            "Open the workbook with your plan first.", _
            "Abra primeiro o arquivo com o seu plano.", _
            "Abra primero el libro con su plan."), vbInformation, "sheets-sync"
    ElseIf Not StartSheetsSync(action, ActiveWorkbook.Name) Then
        MsgBox InOwnLanguage( _
            "sheets-sync could not be started on this computer. To see why, type in a terminal: sheets-sync excel doctor", _
            "N" & ChrW(227) & "o foi poss" & ChrW(237) & "vel iniciar o sheets-sync neste computador. Para ver por qu" & ChrW(234) & ", digite em um terminal: sheets-sync excel doctor", _
            "No se pudo iniciar sheets-sync en este equipo. Para ver por qu" & ChrW(233) & ", escriba en un terminal: sheets-sync excel doctor"), _
            vbExclamation, "sheets-sync"
    End If
End Sub

Private Function InOwnLanguage(ByVal english As String, ByVal portuguese As String, ByVal spanish As String) As String
    'Bound late: not every Excel for Mac knows the languages of its windows.
    Dim program As Object
    Dim language As Long
    On Error Resume Next
    Set program = Application
    language = program.LanguageSettings.LanguageID(2) And 1023
    On Error GoTo 0
    InOwnLanguage = english
    Select Case language
        Case 22
            InOwnLanguage = portuguese
        Case 10
            InOwnLanguage = spanish
    End Select
End Function

#If Mac Then

Private Function StartSheetsSync(ByVal action As String, ByVal bookName As String) As Boolean
    On Error GoTo Failed
    StartSheetsSync = (AppleScriptTask("sheets-sync.applescript", "press", action & vbLf & MACRO_VERSION & vbLf & bookName) = "started")
Failed:
End Function

#Else

Private Function StartSheetsSync(ByVal action As String, ByVal bookName As String) As Boolean
    Dim shell As Object, files As Object, variables As Object
    Dim python As String, folderBefore As String
    Dim exitCode As Long

    On Error GoTo Failed
    Set shell = CreateObject("WScript.Shell")
    Set files = CreateObject("Scripting.FileSystemObject")
    python = InterpreterPath(shell, files)
    If python = "" Then Exit Function

    'Run puts the values of variables into the command line once, so a path with a percent sign stays as it is.
    Set variables = shell.Environment("PROCESS")
    variables.Item("SHEETS_SYNC_PYTHON") = python
    variables.Item("SHEETS_SYNC_WORKBOOK") = bookName
    folderBefore = shell.CurrentDirectory
    shell.CurrentDirectory = files.GetParentFolderName(python)
    exitCode = shell.Run("""%SHEETS_SYNC_PYTHON%"" -I -m sheets_sync.button " & action & _
        " --hwnd=" & CStr(Application.Hwnd) & " --macro=" & MACRO_VERSION, 0, True)

    'With these codes sheets-sync has told the person itself what there was to tell.
    Select Case exitCode
        Case 0, 2, 3, 4
            StartSheetsSync = True
    End Select

CleanUp:
    On Error Resume Next
    If folderBefore <> "" Then shell.CurrentDirectory = folderBefore
    variables.Remove "SHEETS_SYNC_PYTHON"
    variables.Remove "SHEETS_SYNC_WORKBOOK"
    Exit Function
Failed:
    Resume CleanUp
End Function

Private Function InterpreterPath(ByVal shell As Object, ByVal files As Object) As String
    Dim place As String, python As String
    Dim stream As Object

    place = shell.ExpandEnvironmentStrings("%LOCALAPPDATA%\sheets-sync\excel-python.txt")
    If Not files.FileExists(place) Then Exit Function
    Set stream = files.OpenTextFile(place, 1, False, -1)
    python = Trim$(stream.ReadLine)
    stream.Close
    If Left$(python, 1) = ChrW(&HFEFF) Then python = Mid$(python, 2)

    'A folder of a network, a path from here on, or another program is not taken.
    If Not python Like "[A-Za-z]:\*" Then Exit Function
    If InStr(python, """") > 0 Then Exit Function
    Select Case LCase$(files.GetFileName(python))
        Case "python.exe", "pythonw.exe"
            If files.FileExists(python) Then InterpreterPath = python
    End Select
End Function

#End If

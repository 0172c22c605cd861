-- sheets-sync button, macro version 1
--
-- Origin: the sheets-sync project. Every line was written for it; none comes from elsewhere, and no xlwings code is here.
-- Licence: MIT, as sheets-sync itself. Copyright the sheets-sync authors.
--
-- Excel's macro asks for "press" with three lines: what to do, the macro's version, the workbook's name. Written here by
-- "sheets-sync excel addin" with the Python to start; no other program and no other setting is taken.

property interpreter : "@INTERPRETER@"
property actions : {"sync", "check", "explain", "preview-mails", "undo", "last-result"}
property sorry : "sheets-sync could not be started. To see why, type in a terminal: sheets-sync excel doctor"

on press(argument)
	try
		if (count of argument) > 600 or (count of paragraphs of argument) is not 3 then return "refused"
		set action to paragraph 1 of argument
		set macroVersion to paragraph 2 of argument
		set bookName to paragraph 3 of argument
		if actions does not contain action then return "refused"
		if (count of macroVersion) is 0 or (count of macroVersion) > 4 then return "refused"
		repeat with letter in characters of macroVersion
			if "0123456789" does not contain (contents of letter) then return "refused"
		end repeat
		if (count of bookName) is 0 then return "refused"
		do shell script "test -x " & quoted form of interpreter

		-- In the background: Python talks with Excel, which waits here until this ends.
		set startIt to "cd / && SHEETS_SYNC_WORKBOOK=" & quoted form of bookName & " " & quoted form of interpreter
		set startIt to startIt & " -I -m sheets_sync.button " & action & " --macro=" & macroVersion
		set told to "case $? in 0|2|3|4) ;; *) osascript -e " & quoted form of ("display alert \"" & sorry & "\"") & " ;; esac"
		do shell script "(" & startIt & "; " & told & ") > /dev/null 2>&1 &"
		return "started"
	on error
		return "failed"
	end try
end press

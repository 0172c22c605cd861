"""What a server's answer means, as seen from servers of the larger kind."""

import pytest

from sheets_sync.core.mails import Sending
from sheets_sync.notify.smtp_replies import Step, judge


@pytest.mark.parametrize(
    ("step", "code", "text", "logged_in", "result"),
    [
        (Step.SESSION, 554, "5.7.1 your address is listed", True, Sending.STOP),
        (Step.LOGIN, 535, "5.7.139 Authentication unsuccessful, basic authentication is disabled", True, Sending.STOP),
        (Step.LOGIN, 534, "5.7.9 Application-specific password required", True, Sending.STOP),
        (Step.LOGIN, 454, "4.7.0 Temporary authentication failure", True, Sending.STOP),
        (Step.SENDER, 530, "5.7.57 Client not authenticated to send mail", False, Sending.STOP),
        (Step.SENDER, 552, "5.3.4 Message size exceeds fixed limit", True, Sending.REFUSED),
        (Step.SENDER, 452, "4.3.1 Insufficient system storage", True, Sending.STOP),
        (Step.RECIPIENT, 550, "5.7.54 Unable to relay recipient in non-accepted domain", False, Sending.STOP),
        (Step.RECIPIENT, 550, "5.7.54 Unable to relay recipient in non-accepted domain", True, Sending.REFUSED),
        (Step.RECIPIENT, 454, "4.7.1 <x@y.test>: Relay access denied", False, Sending.STOP),
        (Step.RECIPIENT, 550, "5.7.1 Relaying denied. Proper authentication required.", False, Sending.STOP),
        (Step.RECIPIENT, 550, "5.1.1 <relay@y.test>: not here", False, Sending.REFUSED),
        (Step.RECIPIENT, 553, "5.7.1 <r@y.test>: Sender address rejected: not owned by user", True, Sending.STOP),
        (Step.RECIPIENT, 554, "5.7.1 <h[10.0.0.1]>: Client host rejected: Access denied", False, Sending.STOP),
        (Step.RECIPIENT, 450, "4.7.1 <h>: Helo command rejected: Host not found", True, Sending.STOP),
        (Step.RECIPIENT, 450, "4.2.0 <x@y.test>: Recipient address rejected: Greylisted", True, Sending.RETRY),
        (Step.RECIPIENT, 550, "5.7.1 RESOLVER.RST.NotAuthorized; not authorized", False, Sending.REFUSED),
        (Step.RECIPIENT, 550, "No such user", True, Sending.REFUSED),
        (
            Step.CONTENT,
            550,
            "5.7.26 This mail has been blocked because the sender is unauthenticated",
            True,
            Sending.STOP,
        ),
        (Step.CONTENT, 554, "5.2.252 SendAsDenied; robot@y.test not allowed to send as", True, Sending.STOP),
        (Step.CONTENT, 550, "5.7.1 Message rejected as spam", True, Sending.REFUSED),
        (Step.CONTENT, 552, "5.2.2 over quota", True, Sending.REFUSED),
        (Step.CONTENT, 451, "4.7.500 Server busy", True, Sending.RETRY),
    ],
)
def test_an_answer_is_about_one_mail_or_about_us(step, code, text, logged_in, result):
    """What another mail would meet too stops everything; what one address or text has caused does not."""
    attempt = judge(step, code, f"{text} secret@plan.test".encode(), logged_in=logged_in)
    assert (attempt.result, attempt.code) == (result, code)
    assert f"({code}" in attempt.reason
    assert attempt.reason.endswith(".")
    assert "secret" not in attempt.reason


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"5.1.1 nobody", "(550 5.1.1)"),
        (b"5.1.1\nnobody", "(550 5.1.1)"),
        (b"nobody 5.1.1", "(550)"),
        (b"5.1.1a@b.test", "(550)"),
        (b"10.1.1.1 says no", "(550)"),
        (b"", "(550)"),
        (b"\xff\x00", "(550)"),
    ],
)
def test_only_the_enhanced_code_is_repeated(text, shown):
    """No other part of what a server says is shown to anybody."""
    assert shown in judge(Step.RECIPIENT, 550, text, logged_in=True).reason

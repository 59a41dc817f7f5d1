"""Messages as they are written and sent, in bytes."""

from email.message import EmailMessage
from email.policy import SMTP


def a_letter(
    text: str = "Please restart the router.",
    *,
    sender: str = "Rosa <rosa@desk.example>",
    to: str = "community@localhost",
    subject: str = "Re: VPN",
    message_id: str = "<1@desk.example>",
    html: str = "",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """A message; headers by their names with underscores for hyphens."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = "Sun, 22 Nov 2026 08:00:00 +0000"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes(policy=SMTP)


def a_bounce(
    original: str,
    *,
    to: str = "community@localhost",
    status: str = "5.1.1",
    action: str = "failed",
    with_head: bool = True,
) -> bytes:
    """A delivery report as Postfix writes them."""
    head = f"Message-ID: {original}\r\nSubject: [QRY-00001-1 #abcdef] VPN\r\n\r\n" if with_head else "\r\n"
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example (Mail Delivery System)\r\n"
        f"To: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b{status}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you.\r\n\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; desk@desk.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 <desk@desk.example>: User unknown\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\n{head}\r\n--B--\r\n"
    ).encode()

"""A small mail server for figures and tests: takes messages on this machine and remembers their Message-IDs."""

import contextlib
import re
import socketserver
import threading
from collections import Counter

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class _Talk(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self):
        with contextlib.suppress(ConnectionError, TimeoutError):  # a sender that was killed
            self.talk()

    def talk(self):
        self.say("220 ready")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                message = self.message()
                if message is None or not self.server.mail_server.take(message, self):
                    return
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say(self.server.mail_server.replies.get(word.decode(), "250 ok"))

    def message(self):
        """The whole message; None when the line ended in the middle of it."""
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line)
        return None

    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")
        self.wfile.flush()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


class MailServer:
    """Listens on a free port of this machine. `taken` counts Message-IDs.

    `replies` overrides answers, by the word they answer: {"RCPT": "550 no"}. With `cut_after_data` the line is cut
    after the next message was taken, before the answer.
    """

    def __init__(self):
        self.taken, self.last, self.replies, self.cut_after_data = Counter(), b"", {}, False
        self.lock = threading.Lock()
        self.server = _Server(("127.0.0.1", 0), _Talk)
        self.server.mail_server = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def take(self, message, talk):
        """Remember a message and answer; False when the line is cut instead."""
        with self.lock:
            found = MESSAGE_ID.search(message)
            self.taken[found[1].decode() if found else ""] += 1
            self.last = message
            cut, self.cut_after_data = self.cut_after_data, False
        if not cut:
            talk.say(self.replies.get("DATA", "250 taken"))
        return not cut

    def close(self):
        self.server.shutdown()
        self.server.server_close()

"""A local stand-in for the robots of WeCom, DingTalk and Feishu and for a gateway of short messages.

It speaks their documented protocol: paths, JSON, signatures, error codes under HTTP 200. `behave` says what it does
with the next requests: answer in order ("ok", an error code, "429", "500", "nonsense"), "slow", "reset" (takes the
request, then cuts the line), "redirect".
"""

import base64
import hashlib
import hmac
import json
import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = urlsplit(self.path)
        taken = {
            "path": parts.path,
            "query": {name: values[0] for name, values in parse_qs(parts.query).items()},
            "body": json.loads(body),
            "headers": dict(self.headers),
        }
        server = self.server.stand_in
        server.taken.append(taken)
        behaviour = server.behaviour.pop(0) if server.behaviour else "ok"
        match behaviour:
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                return
            case "slow":
                server.let_go.wait(10)
                return
            case "redirect":
                self.send_response(302)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                return
            case "nonsense":
                return self.answer(200, "<html>")
            case "429" | "500":
                return self.answer(int(behaviour), {})
        self.answer(200, server.verdict(taken, behaviour))

    def answer(self, status, content):
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Silent."""


class StandIn:
    def __init__(self, secret=""):
        self.taken, self.behaviour, self.secret = [], [], secret
        self.let_go = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.stand_in = self
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()

    def behave(self, *behaviour):
        self.behaviour = list(behaviour)

    def address(self, kind):
        paths = {
            "wecom": "/cgi-bin/webhook/send?key=one",
            "dingtalk": "/robot/send?access_token=two",
            "feishu": "/open-apis/bot/v2/hook/three",
        }
        return self.origin + paths[kind]

    def verdict(self, taken, behaviour):
        """The answer of the program whose path was asked for."""
        code = 0 if behaviour == "ok" else int(behaviour)
        if taken["path"].startswith("/cgi-bin"):
            text = taken["body"].get("text", {}).get("content")
            return {"errcode": code if text else 40058, "errmsg": "ok" if not code else "refused"}
        if taken["path"].startswith("/robot"):
            if self.secret and not self.signed_dingtalk(taken["query"]):
                return {"errcode": 310000, "errmsg": "sign not match"}
            return {"errcode": code, "errmsg": "ok" if not code else "refused"}
        if taken["path"].startswith("/open-apis"):
            if self.secret and not self.signed_feishu(taken["body"]):
                return {"code": 19021, "msg": "sign match fail or timestamp is not within one hour"}
            return {"code": code, "msg": "success" if not code else "refused"} | ({} if code else {"StatusCode": 0})
        return {"code": code}

    def signed_dingtalk(self, query):
        recent = abs(time.time() * 1000 - int(query.get("timestamp", 0))) < 3600_000
        wanted = hmac.new(self.secret.encode(), f"{query.get('timestamp')}\n{self.secret}".encode(), hashlib.sha256)
        return recent and query.get("sign") == base64.b64encode(wanted.digest()).decode()

    def signed_feishu(self, body):
        recent = abs(time.time() - int(body.get("timestamp", 0))) < 3600
        wanted = hmac.new(f"{body.get('timestamp')}\n{self.secret}".encode(), b"", hashlib.sha256)
        return recent and body.get("sign") == base64.b64encode(wanted.digest()).decode()

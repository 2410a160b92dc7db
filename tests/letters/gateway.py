"""A gateway for short messages on a loopback port, as `outside/sms.py` describes one."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Gateway:
    """A gateway as `outside/sms.py` says it; `answer` is what it says to the next ones."""

    def __init__(self):
        self.got, self.answer, self.moved_to = [], 202, ""
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                gateway.got.append((dict(self.headers), body))
                self.send_response(gateway.answer)
                if gateway.moved_to:
                    self.send_header("Location", gateway.moved_to)
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/send"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

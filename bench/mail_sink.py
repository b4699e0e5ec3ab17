"""A mail server that takes everything and keeps nothing, as quick as Python can be.

`python -m bench.mail_sink` prints its port. The quicker the server, the more counts what we do beside it.
"""

import socket
import sys
import threading
import time

ANSWERS = {b"EHLO": b"250-sink\r\n250 SIZE\r\n", b"DATA": b"354 Go on\r\n", b"QUIT": b"221 Bye\r\n"}


def main(seconds: float = 0.0) -> None:
    """Serve until killed; each message is taken after so many seconds."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        while True:
            line, _ = listening.accept()
            threading.Thread(target=_serve, args=(line, seconds), daemon=True).start()


def _serve(line: socket.socket, seconds: float) -> None:
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with line, line.makefile("rb", 65536) as said:
        line.sendall(b"220 sink\r\n")
        while command := said.readline():
            word = command[:4].upper()
            line.sendall(ANSWERS.get(word, b"250 OK\r\n"))
            if word == b"DATA":
                while said.readline() not in (b".\r\n", b""):
                    pass
                time.sleep(seconds)
                line.sendall(b"250 OK\r\n")
            elif word == b"QUIT":
                return


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))

"""Two sources of load: wrk where it is installed, and a slower one that needs nothing."""

import asyncio
import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

CONNECTIONS = 16
Load = Callable[[int, Sequence[str], Sequence[str], float], float]
"""(port, paths, headers, seconds) → requests a second."""

SCRIPT = """
local paths = {%s}
local at = 0
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def wrk_load(pinned: Sequence[str]) -> Load:
    """Load from wrk, on a core of its own where the machine has several."""

    def load(port: int, paths: Sequence[str], headers: Sequence[str], seconds: float) -> float:
        quoted = ", ".join(f'"{path}"' for path in paths)
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
            script.write(SCRIPT % quoted)
            script.flush()
            command = [*pinned, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s"]
            command += ["-s", str(Path(script.name))]
            for header in headers:
                command += ["-H", header]
            command.append(f"http://127.0.0.1:{port}")
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if "Non-2xx or 3xx" in said:
            message = f"wrk got errors from port {port}:\n{said}"
            raise RuntimeError(message)
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if found is None:
            raise RuntimeError(said)
        return float(found.group(1))

    return load


def python_load(port: int, paths: Sequence[str], headers: Sequence[str], seconds: float) -> float:
    """Load from this process: one request at a time on each connection."""

    async def run() -> float:
        loop = asyncio.get_running_loop()
        began = loop.time()
        lines = "".join(f"{header}\r\n" for header in headers)
        counts = await asyncio.gather(
            *(
                connection(port, paths[start:] + paths[:start], lines, began + seconds)
                for start in range(CONNECTIONS)
                for paths in [list(paths)]
            )
        )
        return sum(counts) / (loop.time() - began)

    return asyncio.run(run())


async def connection(port: int, paths: Sequence[str], lines: str, until: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    loop = asyncio.get_running_loop()
    done = 0
    while loop.time() < until:
        path = paths[done % len(paths)]
        writer.write(f"GET {path} HTTP/1.1\r\nHost: bench\r\n{lines}\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        if length:
            await reader.readexactly(int(length.group(1)))
        done += 1
    writer.close()
    await writer.wait_closed()
    return done

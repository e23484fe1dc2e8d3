"""A Modbus server over pymodbus, steered by lines of JSON on standard input; it ends with it.

Argument 1: the port, 0 for any. Argument 2: "tcp" or "rtu", the frames it speaks over TCP. Argument 3: the unit ids that are there, as a list with
commas, which share their addresses; it is silent for any other; "any" for all of them. Prints "READY <port>", then "OK <answers that are
held>" for each line:
{"set": {"area": "h", "address": 0, "values": [241]}}  areas: c coils, d discrete inputs, h holding, i input registers
{"remove": {"area": "h", "address": 0, "count": 1}}    the address is illegal from now on, as it is before it is set
{"delayMs": 500}                                       each answer comes that much later
{"refuse": [5, 6]}                                     these functions are not known to it
{"most": 32, "code": 2}                                it refuses to read more than so many at once, with this code
{"mode": "normal"}                                     or "close" after each answer, "garbage" in place of it, "silent",
                                                       "held": it keeps its answers until they are released, or the mode is another
{"release": 1}                                         so many of the held answers go out
"""
import asyncio
import json
import logging
import sys
import types

for name in ("serial", "serial_asyncio"):  # of use to pymodbus' serial servers alone
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = types.ModuleType(name)
        sys.modules[name].create_serial_connection = None

from pymodbus.datastore import ModbusServerContext, ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.pdu import ModbusExceptions
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.framer.socket_framer import ModbusSocketFramer
from pymodbus.server.async_io import ModbusConnectedRequestHandler, ModbusTcpServer

logging.disable(logging.CRITICAL)  # refusals are what the tests are about
blocks = {area: ModbusSparseDataBlock({}) for area in "cdhi"}
behaviour = {"delayMs": 0, "mode": "normal", "refuse": [], "most": 2000, "code": 3}
held = []


class Handler(ModbusConnectedRequestHandler):
    """Answers as the behaviour says."""

    def execute(self, request, *addr):
        if request.function_code in behaviour["refuse"]:
            code = ModbusExceptions.IllegalFunction
        elif request.function_code <= 4 and request.count > behaviour["most"]:
            code = behaviour["code"]
        else:
            return super().execute(request, *addr)
        response = request.doException(code)
        response.transaction_id = request.transaction_id
        response.unit_id = request.unit_id
        return self.send(response, *addr)

    def _send_(self, data):
        asyncio.get_running_loop().call_later(behaviour["delayMs"] / 1000, self.answer, data)

    def answer(self, data):
        if behaviour["mode"] == "held":
            held.append(lambda: self.deliver(data))
        else:
            self.deliver(data)

    def deliver(self, data):
        mode = behaviour["mode"]
        if mode == "silent" or self.transport.is_closing():
            return
        self.transport.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" if mode == "garbage" else data)
        if mode == "close":
            self.transport.close()

    def _log_exception(self):
        """A client that goes is no news."""


def obey(line):
    command = json.loads(line)
    if "set" in command:
        point = command["set"]
        for offset, value in enumerate(point["values"]):
            blocks[point["area"]].values[point["address"] + offset] = value
    elif "remove" in command:
        point = command["remove"]
        for offset in range(point["count"]):
            blocks[point["area"]].values.pop(point["address"] + offset, None)
    elif "release" in command:
        release(command["release"])
    else:
        behaviour.update(command)
        if behaviour["mode"] != "held":
            release(len(held))


def release(count):
    for _ in range(count):
        held.pop(0)()


async def main():
    unit = ModbusSlaveContext(co=blocks["c"], di=blocks["d"], hr=blocks["h"], ir=blocks["i"], zero_mode=True)
    single = sys.argv[3] == "any"
    context = ModbusServerContext(
        slaves=unit if single else {int(number): unit for number in sys.argv[3].split(",")}, single=single
    )
    server = ModbusTcpServer(
        context,
        framer=ModbusRtuFramer if sys.argv[2] == "rtu" else ModbusSocketFramer,
        address=("127.0.0.1", int(sys.argv[1])),
        handler=Handler,
        allow_reuse_address=True,
        ignore_missing_slaves=True,
    )
    serving = asyncio.create_task(server.serve_forever())
    await server.serving
    print("READY", server.server.sockets[0].getsockname()[1], flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while True:
        line = await lines.readline()
        if not line:
            break
        obey(line)
        print("OK", len(held), flush=True)
    serving.cancel()


asyncio.run(main())

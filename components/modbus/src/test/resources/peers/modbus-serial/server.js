// A Modbus TCP server over modbus-serial. Argument 1: the port. Argument 2: JSON {"<address>": value, "unit" for the asked unit id, or
// {"code": n}}; any other address is refused with 0x02. The same table serves every area. Ends with its standard input.
const { ServerTCP } = require("modbus-serial");

const table = JSON.parse(process.argv[3]);

function read(address, unitId, callback) {
    const entry = table[address];
    if (entry === undefined) {
        callback({ modbusErrorCode: 0x02, msg: "illegal" });
    } else if (typeof entry === "object") {
        callback({ modbusErrorCode: entry.code, msg: "chosen" });
    } else {
        callback(null, entry === "unit" ? unitId : entry);
    }
}

const vector = { getCoil: read, getDiscreteInput: read, getHoldingRegister: read, getInputRegister: read };
const server = new ServerTCP(vector, { host: "127.0.0.1", port: Number(process.argv[2]), unitID: 255 });
server.on("initialized", () => console.log("READY"));
server.on("serverError", error => {
    console.error(error);
    process.exit(1);
});
server.on("socketError", () => {});
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));

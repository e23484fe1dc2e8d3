// An S7 server over snap7. Argument 1: the port. Each line of standard input is a command in JSON, answered with OK and what was asked for:
// {"db": number, "size": bytes} makes a data block, {"remove": number} takes it away, {"area": "DB" | "MK" | "PE" | "PA" | "TM" | "CT", "number": of the DB,
// "offset": bytes, "set": "hex"} writes and {..., "get": bytes} reads its memory. Ends with its standard input.
const readline = require("readline");
const snap7 = require("node-snap7");

const server = new snap7.S7Server();
const areas = {
    DB: server.srvAreaDB,
    MK: server.srvAreaMK,
    PE: server.srvAreaPE,
    PA: server.srvAreaPA,
    TM: server.srvAreaTM,
    CT: server.srvAreaCT,
};

function carryOut(command) {
    if (command.db !== undefined) {
        return server.RegisterArea(server.srvAreaDB, command.db, Buffer.alloc(command.size));
    }
    if (command.remove !== undefined) {
        return server.UnregisterArea(server.srvAreaDB, command.remove);
    }
    const area = command.area === "DB" ? [areas.DB, command.number] : [areas[command.area]];
    const memory = server.GetArea(...area);
    if (command.get !== undefined) {
        return memory.subarray(command.offset, command.offset + command.get).toString("hex");
    }
    Buffer.from(command.set, "hex").copy(memory, command.offset);
    return server.SetArea(...area, memory);
}

for (const area of ["MK", "PE", "PA", "TM", "CT"]) {
    server.RegisterArea(areas[area], Buffer.alloc(1024));
}
server.SetParam(server.LocalPort, Number(process.argv[2]));
if (server.StartTo("127.0.0.1") === false) {
    console.log("FAILED " + server.ErrorText(server.LastError()));
    process.exit(1);
}
console.log("READY");
readline
    .createInterface({ input: process.stdin })
    .on("line", line => {
        const answer = carryOut(JSON.parse(line));
        console.log(answer === false ? "FAILED " + server.ErrorText(server.LastError()) : "OK " + answer);
    })
    .on("close", () => process.exit(0));

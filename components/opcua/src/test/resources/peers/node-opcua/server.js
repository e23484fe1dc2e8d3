// An OPC UA server over node-opcua. Argument 1: the port. Argument 2: JSON options. Ends with its standard input, from which it takes commands:
// {"set": {"node", "value", "status"}}, {"count": {"node", "from", "to", "everyMs"}}, {"still": node}, {"tick": node}; each is answered with OK.
console.log = console.error; // standard output is for answers
const path = require("path");
const readline = require("readline");
const {
    AccessLevelFlag, DataType, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant, VariantArrayType,
} = require("node-opcua");

const port = Number(process.argv[2]);
const options = JSON.parse(process.argv[3] || "{}");
const NAMESPACE = "urn:streamforge:peer";

const nodes = {};

function answer(line) {
    process.stdout.write(line + "\n");
}

function variable(namespace, parent, name, dataType, value, more) {
    nodes[name] = namespace.addVariable({
        componentOf: parent,
        browseName: name,
        nodeId: `s=${name}`,
        dataType,
        minimumSamplingInterval: 0,
        value: { dataType: DataType[dataType], arrayType: VariantArrayType.Scalar, value },
        ...more,
    });
    nodes[name].__type = DataType[dataType];
    return nodes[name];
}

function set({ node, value, status, time }) {
    const target = nodes[node];
    const array = Array.isArray(value);
    target.setValueFromSource(
        new Variant({
            dataType: target.__type,
            arrayType: array ? VariantArrayType.Array : VariantArrayType.Scalar,
            value: value === undefined ? target.readValue().value.value : value,
        }),
        status ? StatusCodes[status] : StatusCodes.Good,
        time ? new Date(time) : new Date());
}

function count({ node, from, to, everyMs }) {
    let value = from;
    const timer = setInterval(() => {
        set({ node, value });
        if (value++ >= to) {
            clearInterval(timer);
        }
    }, everyMs);
}

const ticking = new Set();
let ticks = 0;

function tick() {
    ticks++;
    ticking.forEach(node => set({ node, value: ticks }));
}

(async () => {
    const pki = path.join(process.cwd(), "pki");
    const server = new OPCUAServer({
        port,
        host: "127.0.0.1",
        hostname: "127.0.0.1",
        serverCertificateManager: new OPCUACertificateManager({
            rootFolder: pki,
            automaticallyAcceptUnknownCertificate: true,
        }),
        userManager: { isValidUser: (user, password) => user === "operator" && password === "secret-of-operator" },
        serverCapabilities: {
            maxSessions: 300,
            minSupportedSampleRate: 0, // every change is reported where a client asks for it
            operationLimits: { maxMonitoredItemsPerCall: 100, maxNodesPerRead: 100, maxNodesPerBrowse: 100 },
        },
    });
    await server.initialize();
    const space = server.engine.addressSpace;
    (options.namespacesBefore || []).forEach(uri => space.registerNamespace(uri));
    const namespace = space.registerNamespace(NAMESPACE);
    const machine = namespace.addObject({ organizedBy: space.rootFolder.objects, browseName: "Press", nodeId: "s=Press" });
    variable(namespace, machine, "Temperature", "Double", 24.1);
    variable(namespace, machine, "Counter", "Int32", 0);
    variable(namespace, machine, "Running", "Boolean", false);
    variable(namespace, machine, "Label", "String", "A-17");
    variable(namespace, machine, "Total", "UInt64", [0, 7]);
    variable(namespace, machine, "Setpoint", "Double", 10, { accessLevel: "CurrentRead | CurrentWrite" });
    variable(namespace, machine, "Profile", "Double", [1, 2.5, 4], {
        valueRank: 1,
        value: { dataType: DataType.Double, arrayType: VariantArrayType.Array, value: [1, 2.5, 4] },
    });
    nodes.Pressure = namespace.addAnalogDataItem({
        componentOf: machine,
        browseName: "Pressure",
        nodeId: "s=Pressure",
        dataType: "Double",
        engineeringUnitsRange: { low: 0, high: 200 },
        minimumSamplingInterval: 0,
        value: { dataType: DataType.Double, value: 100 },
    });
    nodes.Pressure.__type = DataType.Double;
    const many = namespace.addObject({ organizedBy: machine, browseName: "Many", nodeId: "s=Many" });
    for (let i = 0; i < (options.many || 0); i++) {
        variable(namespace, many, `V${i}`, "Int32", i);
    }
    (options.tick || []).forEach(node => ticking.add(node));
    setInterval(tick, options.tickEveryMs || 50);
    await server.start();
    answer("READY");
    readline.createInterface({ input: process.stdin }).on("line", line => {
        const command = JSON.parse(line);
        if (command.set) {
            set(command.set);
        } else if (command.count) {
            count(command.count);
        } else if (command.still) {
            ticking.delete(command.still);
        } else if (command.tick) {
            ticking.add(command.tick);
        }
        answer("OK");
    }).on("close", () => process.exit(0));
})().catch(error => {
    console.error(error);
    process.exit(1);
});

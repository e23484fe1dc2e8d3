// An OPC UA server over node-opcua. Argument 1: the port. Argument 2: JSON options. Ends with its standard input, from which it takes commands:
// {"set": {"node", "value", "status"}}, {"count": {"node", "from", "to", "everyMs"}}, {"burst": {"node", "from", "to"}}, {"still": node}, {"tick": node},
// {"expire": true} for all sessions, {"lose": number} of messages that nobody will ever have, {"mute": true} for all subscriptions there are; each is
// answered with OK, and {"state": true} with what the server's clients have made of it.
console.log = console.error; // standard output is for answers
const path = require("path");
const readline = require("readline");
const {
    coerceLocalizedText, coerceNodeId, DataType, nodesets, OPCUACertificateManager, OPCUAServer, StatusCodes, Variant, VariantArrayType,
} = require("node-opcua");
const { OpaqueStructure } = require("node-opcua-extension-object");

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

function burst({ node, from, to }) {
    for (let value = from; value <= to; value++) {
        set({ node, value });
    }
}

const ticking = new Set();
let ticks = 0;

/** Sessions, ids of subscriptions, how they publish and what they monitor, the most values that wait for one node, and requests by their type. */
function state(engine, requests) {
    const owners = engine.getSessions().map(({ publishEngine }) => publishEngine);
    const subscriptions = [...owners, engine._orphanPublishEngine].flatMap(owner => owner ? owner.subscriptions : []);
    const items = subscriptions.flatMap(({ monitoredItems }) => [...monitoredItems.values()]);
    return {
        sessions: engine.currentSessionCount,
        subscriptions: subscriptions.map(({ id }) => id),
        publishingIntervals: subscriptions.map(({ publishingInterval }) => publishingInterval),
        items: items.map(({ samplingInterval, queueSize }) => ({ samplingInterval, queueSize })),
        queued: Math.max(0, ...items.map(({ queue }) => queue.length)),
        publishing: owners.reduce((sum, { pendingPublishRequestCount }) => sum + pendingPublishRequestCount, 0),
        ticks,
        requests,
    };
}

/** A tank whose level alarms from 80 on, to be acknowledged and confirmed. */
function tank(namespace, space) {
    space.installAlarmsAndConditionsService();
    const object = namespace.addObject({
        organizedBy: space.rootFolder.objects,
        browseName: "Tank",
        nodeId: "s=Tank",
        eventNotifier: 1,
        eventSourceOf: space.rootFolder.objects.server,
    });
    nodes.Level = namespace.addAnalogDataItem({
        componentOf: object,
        browseName: "Level",
        nodeId: "s=Level",
        dataType: "Double",
        engineeringUnitsRange: { low: 0, high: 100 },
        eventSourceOf: object,
        minimumSamplingInterval: 0,
        value: { dataType: DataType.Double, value: 50 },
    });
    nodes.Level.__type = DataType.Double;
    namespace.instantiateExclusiveLimitAlarm("ExclusiveLimitAlarmType", {
        componentOf: object,
        browseName: "HighLevel",
        nodeId: "s=HighLevel",
        conditionName: "HighLevel",
        conditionSource: nodes.Level,
        inputNode: nodes.Level,
        lowLowLimit: 1,
        lowLimit: 5,
        highLimit: 80,
        highHighLimit: 95,
        optionals: ["ConfirmedState", "Confirm"],
    });
}

function tick() {
    ticks++;
    ticking.forEach(node => set({ node, value: ticks }));
}

/** A node of each type that clients may write, one that they may not, one that keeps what it has, one that takes no more than 100. */
function writable(namespace, machine) {
    const writable = { accessLevel: "CurrentRead | CurrentWrite", userAccessLevel: "CurrentRead | CurrentWrite" };
    Object.entries({
        Boolean: false, SByte: 0, Byte: 0, Int16: 0, UInt16: 0, Int32: 0, UInt32: 0, Int64: [0, 0], UInt64: [0, 0], Float: 0, Double: 0,
        String: "", DateTime: new Date(0), Guid: "72962b91-fa75-4ae6-8d28-b404dc7daf63", ByteString: Buffer.from([1]),
        LocalizedText: coerceLocalizedText("none"), NodeId: coerceNodeId("i=84"),
    }).forEach(([type, value]) => variable(namespace, machine, `A${type}`, type, value, writable));
    variable(namespace, machine, "Speeds", "Float", [1, 2, 3], {
        ...writable,
        valueRank: 1,
        value: { dataType: DataType.Float, arrayType: VariantArrayType.Array, value: [1, 2, 3] },
    });
    variable(namespace, machine, "Grid", "Int16", [1, 2, 3, 4, 5, 6], {
        ...writable,
        valueRank: 2,
        arrayDimensions: [2, 3],
        value: { dataType: DataType.Int16, arrayType: VariantArrayType.Matrix, dimensions: [2, 3], value: [1, 2, 3, 4, 5, 6] },
    });
    variable(namespace, machine, "Fixed", "String", "A", { accessLevel: "CurrentRead", userAccessLevel: "CurrentRead" });
    variable(namespace, machine, "Stubborn", "Int32", 5, {
        ...writable,
        value: { get: () => new Variant({ dataType: DataType.Int32, value: 5 }), set: () => StatusCodes.Good },
    });
    variable(namespace, machine, "Limited", "Int32", 5, {
        ...writable,
        value: {
            get: () => new Variant({ dataType: DataType.Int32, value: 5 }),
            set: ({ value }) => value > 100 ? StatusCodes.BadOutOfRange : StatusCodes.Good,
        },
    });
}

/** Methods that answer, that refuse, that take their time. */
function methods(namespace, machine) {
    const add = (name, inputArguments, outputArguments, answer) => {
        const method = namespace.addMethod(machine, { browseName: name, nodeId: `s=${name}`, inputArguments, outputArguments });
        method.bindMethod((inputs, context, callback) => answer(inputs.map(({ value }) => value), callback));
    };
    const argument = (name, dataType, valueRank = -1) => ({ name, dataType: DataType[dataType], valueRank });
    let batch = 16;
    add("Start", [argument("Recipe", "String"), argument("Count", "Byte")], [argument("Batch", "UInt32"), argument("Steps", "String", 1)],
        ([recipe, count], callback) => count > 200
            ? callback(null, { statusCode: StatusCodes.BadInvalidArgument, inputArgumentResults: [StatusCodes.Good, StatusCodes.BadOutOfRange] })
            : callback(null, {
                statusCode: StatusCodes.Good,
                outputArguments: [
                    { dataType: DataType.UInt32, value: ++batch },
                    { dataType: DataType.String, arrayType: VariantArrayType.Array, value: [recipe, `${count} times`] },
                ],
            }));
    add("Stop", [], [], (inputs, callback) => callback(null, { statusCode: StatusCodes.Good }));
    add("Forbidden", [], [], (inputs, callback) => callback(null, { statusCode: StatusCodes.BadInvalidState }));
    add("Slow", [], [], (inputs, callback) => setTimeout(() => callback(null, { statusCode: StatusCodes.Good }), 5000));
    add("Sum", [argument("Values", "Double", 1)], [argument("Total", "Double"), argument("Running", "Double", 1)], ([values], callback) => {
        let total = 0;
        const running = [...values].map(value => total += value);
        callback(null, {
            statusCode: StatusCodes.Good,
            outputArguments: [
                { dataType: DataType.Double, value: total },
                { dataType: DataType.Double, arrayType: VariantArrayType.Array, value: running },
            ],
        });
    });
}

/** A reader of tags as the companion specification AutoID has it: structures within structures, arrays of them, unions, optional fields. */
function reader(space, namespace, machine) {
    const types = space.getNamespaceIndex("http://opcfoundation.org/UA/AutoID/");
    const make = (type, fields) => space.constructExtensionObject(space.findDataType(type, types), fields);
    const time = new Date("2026-11-21T08:00:00Z");
    const scan = id => make("RfidScanResult", {
        codeType: "EPC",
        scanData: make("ScanData", { string: id }),
        timestamp: time,
        location: make("Location", {
            WGS84: make("WGS84Coordinate", {
                "n/S Hemisphere": "N", latitude: 48.5, "e/W Hemisphere": "E", longitude: 9.25, altitude: 430, timestamp: time,
                dilutionOfPrecision: 0.5, usefulPrecisionLatLon: 3, usefulPrecisionAlt: 1,
            }),
        }),
        sighting: [1, 2].map(antenna =>
            make("RfidSighting", { antenna, strength: -40 - antenna, timestamp: time, currentPowerLevel: 7 })),
    });
    const add = (name, dataType, valueRank, value) => namespace.addVariable({
        componentOf: machine,
        browseName: name,
        nodeId: `s=${name}`,
        dataType: space.findDataType(dataType, types).nodeId,
        valueRank,
        value: {
            dataType: DataType.ExtensionObject,
            arrayType: valueRank === 1 ? VariantArrayType.Array : VariantArrayType.Scalar,
            value,
        },
    });
    add("LastScan", "RfidScanResult", -1, scan("urn:epc:1"));
    add("Scans", "RfidScanResult", 1, [scan("urn:epc:2"), scan("urn:epc:3")]);
    add("Settings", "ScanSettings", -1, make("ScanSettings", { duration: 250, cycles: 3, dataAvailable: true }));
}

/** Bytes that the server takes for a structure, in whose way to copy one they are copied, too. */
class Raw extends OpaqueStructure {
    constructor({ nodeId, buffer }) {
        super(nodeId, buffer);
    }
}

/** Structures with one field of Int16 of so many dimensions, sent as these Int32 and then these Int16: as it should be, and as nobody should do it. */
function raw(space, namespace, machine) {
    [
        ["Cube", 3, [3, 1, 2, 2], [1, 2, 3, 4]],
        ["Hollow", 2, [2, 3, 0], []],
        ["Boundless", 1_000_000_000, [1_000_000_000], []],
        ["Nested", 20_000, [20_000, ...Array(20_000).fill(1)], Array(20_000).fill(7)],
    ].forEach(([name, valueRank, lengths, elements]) => {
        const type = namespace.createDataType({
            browseName: `${name}Type`,
            isAbstract: false,
            subtypeOf: "Structure",
            partialDefinition: [{ name: "Cells", dataType: coerceNodeId(DataType.Int16), valueRank }],
        });
        const encoding = namespace.addObject({ browseName: { namespaceIndex: 0, name: "Default Binary" }, nodeId: `s=${name}Binary`, typeDefinition: "DataTypeEncodingType" });
        type.addReference({ referenceType: "HasEncoding", nodeId: encoding.nodeId });
        const bytes = Buffer.alloc(lengths.length * 4 + elements.length * 2);
        lengths.forEach((length, i) => bytes.writeInt32LE(length, i * 4));
        elements.forEach((element, i) => bytes.writeInt16LE(element, lengths.length * 4 + i * 2));
        variable(namespace, machine, name, "ExtensionObject", new Raw({ nodeId: encoding.nodeId, buffer: bytes }), { dataType: "Structure" });
    });
}

(async () => {
    const pki = path.join(process.cwd(), "pki");
    const server = new OPCUAServer({
        port,
        host: "127.0.0.1",
        hostname: "127.0.0.1",
        nodeset_filename: options.autoId ? [nodesets.standard, nodesets.di, nodesets.autoId] : [nodesets.standard],
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
    variable(namespace, machine, "Rate / s", "Double", 3);
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
    writable(namespace, machine);
    methods(namespace, machine);
    if (options.autoId) {
        reader(space, namespace, machine);
        raw(space, namespace, machine);
    }
    const many = namespace.addObject({ organizedBy: machine, browseName: "Many", nodeId: "s=Many" });
    for (let i = 0; i < (options.many || 0); i++) {
        variable(namespace, many, `V${i}`, "Int32", i);
    }
    if (options.alarms) {
        tank(namespace, space);
    }
    (options.tick || []).forEach(node => ticking.add(node));
    setInterval(tick, options.tickEveryMs || 50);
    const requests = {};
    server.on("request", ({ schema }) => requests[schema.name] = (requests[schema.name] || 0) + 1);
    server.on("create_session", ({ publishEngine }) => {
        publishEngine.maxPublishRequestInQueue = options.publishRequests || publishEngine.maxPublishRequestInQueue;
    });
    await server.start();
    answer("READY");
    readline.createInterface({ input: process.stdin }).on("line", line => {
        const command = JSON.parse(line);
        if (command.state) {
            answer(JSON.stringify(state(server.engine, requests)));
            return;
        }
        if (command.set) {
            set(command.set);
        } else if (command.count) {
            count(command.count);
        } else if (command.burst) {
            burst(command.burst);
        } else if (command.expire) {
            server.engine.getSessions().forEach(session => session.emit("timeout"));
        } else if (command.lose) {
            server.engine.getSessions().forEach(({ publishEngine }) => publishEngine.subscriptions.forEach(({ _sequence_number_generator: numbers }) => {
                for (let i = 0; i < command.lose; i++) {
                    numbers.next();
                }
            }));
        } else if (command.mute) {
            server.engine.getSessions().forEach(({ publishEngine }) => publishEngine.subscriptions.forEach(subscription => subscription._stop_timer()));
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

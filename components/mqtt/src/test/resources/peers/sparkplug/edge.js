// An edge node over sparkplug-client. Arguments: broker's URL, group, edge node. Each line on the standard input is a JSON command, answered with OK:
// {"nbirth":{…payload}}, {"ndata":{…}}, {"dbirth":{"device":"d","payload":{…}}}, {"ddata":{…}}, {"ddeath":"d"}, {"skip":n} for a hole in the sequence,
// {"die":true} as if it lost its power. Says REBIRTH when it is asked for its births. Ends with its standard input.
const sparkplug = require("sparkplug-client");
const readline = require("readline");

const client = sparkplug.newClient({
    serverUrl: process.argv[2],
    groupId: process.argv[3],
    edgeNode: process.argv[4],
    clientId: "edge-" + process.argv[4],
    username: "",
    password: "",
    version: "spBv1.0",
    mqttOptions: { reconnectPeriod: 0 },
});
client.on("birth", () => console.log("READY"));
client.on("ncmd", command => {
    if (command.metrics.some(metric => metric.name === "Node Control/Rebirth" && metric.value === true)) {
        console.error("REBIRTH");
        rebirth();
    }
});
client.on("error", error => {
    console.error(error);
    process.exit(1);
});

let births = [];

function rebirth() {
    births.forEach(publish => publish());
}

const copy = value => JSON.parse(JSON.stringify(value));

const commands = {
    nbirth: payload => {
        births = [() => client.publishNodeBirth(copy(payload))];
        rebirth();
    },
    ndata: payload => client.publishNodeData(payload),
    dbirth: ({ device, payload }) => {
        const publish = () => client.publishDeviceBirth(device, copy(payload));
        births.push(publish);
        publish();
    },
    ddata: ({ device, payload }) => client.publishDeviceData(device, payload),
    ddeath: device => client.publishDeviceDeath(device, { timestamp: Date.now(), metrics: [] }),
    skip: count => {
        client.seq = (client.seq + count) % 256;
    },
    die: () => client.client.stream.destroy(),
};

readline
    .createInterface({ input: process.stdin })
    .on("line", line => {
        for (const [name, argument] of Object.entries(JSON.parse(line))) {
            commands[name](argument);
        }
        console.log("OK");
    })
    .on("close", () => process.exit(0));

// A BACnet device over @bacnet-js/client. Argument 1: the UDP port; 2: "single" for one that does not know ReadPropertyMultiple. Each line of standard input is a
// command in JSON, answered with OK and what was asked for: {"object": "type:instance", "property": number, "set": [application tag, value]} makes a property,
// {"object", "property", "get": true} says what it holds and with which priority it was written, {"object", "remove": true} takes the object away.
const BACnet = require('@bacnet-js/client');
const readline = require('node:readline');

const Client = BACnet.default;
const { ErrorClass, ErrorCode, ASN1_ARRAY_ALL, ConfirmedServiceChoice } = BACnet;
const objects = new Map();
const device = new Client({ port: Number(process.argv[2]), interface: '127.0.0.1', broadcastAddress: '127.255.255.255' });

// The instance 4194303 of a device stands for the one that is asked; the object list is all that was made (clause 15.5).
const DEVICE = 8;
const WILDCARD = 4194303;
const OBJECT_LIST = 76;
const OBJECT_IDENTIFIER = 12;
const LONGEST_LIST = 200;

function list(index) {
  const values = [...objects.keys()].map((object) => {
    const [type, instance] = object.split(':').map(Number);
    return { type: OBJECT_IDENTIFIER, value: { type, instance } };
  });
  if (index === 0) {
    return { values: [{ type: 2, value: values.length }] };
  }
  if (index !== ASN1_ARRAY_ALL) {
    return values[index - 1]
      ? { values: [values[index - 1]] }
      : { errorClass: ErrorClass.PROPERTY, errorCode: ErrorCode.INVALID_ARRAY_INDEX };
  }
  return values.length > LONGEST_LIST
    ? { errorClass: ErrorClass.COMMUNICATION, errorCode: ErrorCode.ABORT_SEGMENTATION_NOT_SUPPORTED }
    : { values };
}

function look({ type, instance }, id, index) {
  if (type === DEVICE && instance === WILDCARD && id === OBJECT_LIST) {
    return list(index);
  }
  const properties = objects.get(`${type}:${instance}`);
  if (!properties) {
    return { errorClass: ErrorClass.OBJECT, errorCode: ErrorCode.UNKNOWN_OBJECT };
  }
  return properties.get(id) ?? { errorClass: ErrorClass.PROPERTY, errorCode: ErrorCode.UNKNOWN_PROPERTY };
}

if (process.argv[3] !== 'single') {
  device.on('readPropertyMultiple', ({ header, invokeId, payload }) => {
    const values = payload.properties.map(({ objectId, properties }) => ({
      objectId,
      values: properties.map((property) => {
        const found = look(objectId, property.id);
        const value = found.values ?? [{ value: { type: 'BacnetError', ...found } }];
        return { property, value };
      }),
    }));
    device.readPropertyMultipleResponse(header.sender, invokeId, values);
  });
}

device.on('readProperty', ({ header, invokeId, payload }) => {
  const found = look(payload.objectId, payload.property.id, payload.property.index);
  if (found.values) {
    device.readPropertyResponse(header.sender, invokeId, payload.objectId, payload.property, found.values);
  } else {
    device.errorResponse(header.sender, ConfirmedServiceChoice.READ_PROPERTY, invokeId, found.errorClass, found.errorCode);
  }
});

device.on('writeProperty', ({ header, invokeId, payload }) => {
  const found = look(payload.objectId, payload.value.property.id);
  const refused = found.values ? payload.value.value[0].type !== found.values[0].type : true;
  if (refused) {
    const { errorClass, errorCode } = found.values
      ? { errorClass: ErrorClass.PROPERTY, errorCode: ErrorCode.INVALID_DATA_TYPE }
      : found;
    device.errorResponse(header.sender, ConfirmedServiceChoice.WRITE_PROPERTY, invokeId, errorClass, errorCode);
    return;
  }
  found.values = payload.value.value;
  found.priority = payload.value.priority;
  device.simpleAckResponse(header.sender, ConfirmedServiceChoice.WRITE_PROPERTY, invokeId);
});

device.on('error', (error) => console.error(error));
device.on('listening', () => console.log('READY'));

readline
  .createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { object, property, set, get, remove } = JSON.parse(line);
    if (remove) {
      objects.delete(object);
    } else if (set) {
      const properties = objects.get(object) ?? new Map();
      objects.set(object, properties.set(property, { values: [{ type: set[0], value: set[1] }] }));
    } else if (get) {
      const found = objects.get(object).get(property);
      console.log(`OK ${JSON.stringify([found.values[0].type, found.values[0].value, found.priority])}`);
      return;
    }
    console.log('OK');
  })
  .on('close', () => process.exit(0));

package io.streamforge.demo.plant;

import com.digitalpetri.modbus.ExceptionCode;
import com.digitalpetri.modbus.FunctionCode;
import com.digitalpetri.modbus.exceptions.ModbusResponseException;
import com.digitalpetri.modbus.exceptions.UnknownUnitIdException;
import com.digitalpetri.modbus.pdu.ReadCoilsRequest;
import com.digitalpetri.modbus.pdu.ReadCoilsResponse;
import com.digitalpetri.modbus.pdu.ReadDiscreteInputsRequest;
import com.digitalpetri.modbus.pdu.ReadDiscreteInputsResponse;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersRequest;
import com.digitalpetri.modbus.pdu.ReadHoldingRegistersResponse;
import com.digitalpetri.modbus.pdu.ReadInputRegistersRequest;
import com.digitalpetri.modbus.pdu.ReadInputRegistersResponse;
import com.digitalpetri.modbus.pdu.WriteSingleRegisterRequest;
import com.digitalpetri.modbus.pdu.WriteSingleRegisterResponse;
import com.digitalpetri.modbus.server.ModbusRequestContext;
import com.digitalpetri.modbus.server.ModbusServices;
import io.streamforge.demo.plant.Machine.Written;

/** A machine as a Modbus client meets it: unit 1, set points can be written, with the failures of its schedule. */
final class Device implements ModbusServices {

    static final int UNIT_ID = 1;

    private static final int FIRST_HOLDING_REGISTER = 40001;

    /** Offset of holding register 40051, the heater's power. */
    private static final int HEATER = 50;

    private final Simulation simulation;

    Device(Simulation simulation) {
        this.simulation = simulation;
    }

    @Override
    public ReadCoilsResponse readCoils(ModbusRequestContext context, int unitId, ReadCoilsRequest request)
            throws ModbusResponseException, UnknownUnitIdException {
        Registers registers = answering(unitId);
        return new ReadCoilsResponse(
                bits(FunctionCode.READ_COILS, registers.coils(), request.address(), request.quantity()));
    }

    @Override
    public ReadDiscreteInputsResponse readDiscreteInputs(
            ModbusRequestContext context, int unitId, ReadDiscreteInputsRequest request)
            throws ModbusResponseException, UnknownUnitIdException {
        Registers registers = answering(unitId);
        return new ReadDiscreteInputsResponse(bits(
                FunctionCode.READ_DISCRETE_INPUTS, registers.discreteInputs(), request.address(), request.quantity()));
    }

    @Override
    public ReadHoldingRegistersResponse readHoldingRegisters(
            ModbusRequestContext context, int unitId, ReadHoldingRegistersRequest request)
            throws ModbusResponseException, UnknownUnitIdException {
        Registers registers = answering(unitId);
        boolean touchesHeater = request.address() <= HEATER && HEATER < request.address() + request.quantity();
        if (touchesHeater && simulation.fails(Failure.Kind.HEATER_ADDRESS_ILLEGAL)) {
            throw illegalAddress(FunctionCode.READ_HOLDING_REGISTERS);
        }
        return new ReadHoldingRegistersResponse(words(
                FunctionCode.READ_HOLDING_REGISTERS,
                registers.holdingRegisters(),
                request.address(),
                request.quantity()));
    }

    @Override
    public ReadInputRegistersResponse readInputRegisters(
            ModbusRequestContext context, int unitId, ReadInputRegistersRequest request)
            throws ModbusResponseException, UnknownUnitIdException {
        Registers registers = answering(unitId);
        return new ReadInputRegistersResponse(words(
                FunctionCode.READ_INPUT_REGISTERS, registers.inputRegisters(), request.address(), request.quantity()));
    }

    @Override
    public WriteSingleRegisterResponse writeSingleRegister(
            ModbusRequestContext context, int unitId, WriteSingleRegisterRequest request)
            throws ModbusResponseException, UnknownUnitIdException {
        answering(unitId);
        Written written = simulation.write(FIRST_HOLDING_REGISTER + request.address(), (short) request.value());
        return switch (written) {
            case TAKEN -> new WriteSingleRegisterResponse(request.address(), request.value());
            case BEYOND_RANGE ->
                throw new ModbusResponseException(FunctionCode.WRITE_SINGLE_REGISTER, ExceptionCode.ILLEGAL_DATA_VALUE);
            case NO_SUCH_REGISTER -> throw illegalAddress(FunctionCode.WRITE_SINGLE_REGISTER);
        };
    }

    /** The server leaves a request for an unknown unit without an answer, which is just what a silent device does. */
    private Registers answering(int unitId) throws UnknownUnitIdException {
        if (unitId != UNIT_ID || simulation.fails(Failure.Kind.SILENT)) {
            throw new UnknownUnitIdException(unitId);
        }
        return simulation.registers();
    }

    /** Two bytes per register, high byte first (Modbus Application Protocol V1.1b3 §6.3). */
    private static byte[] words(FunctionCode function, short[] area, int address, int quantity)
            throws ModbusResponseException {
        checkRange(function, address, quantity);
        byte[] bytes = new byte[2 * quantity];
        for (int i = 0; i < quantity; i++) {
            bytes[2 * i] = (byte) (area[address + i] >> 8);
            bytes[2 * i + 1] = (byte) area[address + i];
        }
        return bytes;
    }

    /** Eight bits per byte, the lowest address in the lowest bit (Modbus Application Protocol V1.1b3 §6.1). */
    private static byte[] bits(FunctionCode function, boolean[] area, int address, int quantity)
            throws ModbusResponseException {
        checkRange(function, address, quantity);
        byte[] bytes = new byte[(quantity + 7) / 8];
        for (int i = 0; i < quantity; i++) {
            if (area[address + i]) {
                bytes[i / 8] |= (byte) (1 << (i % 8));
            }
        }
        return bytes;
    }

    private static void checkRange(FunctionCode function, int address, int quantity) throws ModbusResponseException {
        if (address + quantity > Registers.SIZE) {
            throw illegalAddress(function);
        }
    }

    private static ModbusResponseException illegalAddress(FunctionCode function) {
        return new ModbusResponseException(function, ExceptionCode.ILLEGAL_DATA_ADDRESS);
    }
}

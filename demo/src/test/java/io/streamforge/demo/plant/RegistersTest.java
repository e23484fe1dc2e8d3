package io.streamforge.demo.plant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamforge.demo.plant.Registers.WordOrder;
import org.junit.jupiter.api.Test;

/** Expected words are written out from the Modbus and IEEE 754 layouts, not computed by the class under test. */
class RegistersTest {

    private final Registers registers = new Registers();

    @Test
    void scalesIntoOneRegister() {
        registers.int16(40001, 24.1, 0.1);
        registers.int16(40002, -5, 0.1);
        registers.uint16(40003, 6553.5, 0.1);
        assertThat(registers.holdingRegisters()).startsWith((short) 0x00F1, (short) 0xFFCE, (short) 0xFFFF);
    }

    @Test
    void limitsWhatDoesNotFit() {
        registers.int16(30001, 1e9, 1);
        registers.uint16(30002, -1, 1);
        assertThat(registers.inputRegisters()).startsWith((short) 0x7FFF, (short) 0x0000);
    }

    @Test
    void splitsTwoRegistersInEitherWordOrder() {
        registers.uint32(30001, 0x12345678L, WordOrder.HIGH_FIRST);
        registers.uint32(30003, 0x12345678L, WordOrder.LOW_FIRST);
        registers.float32(30005, 1.5, WordOrder.HIGH_FIRST);
        registers.float32(30007, 1.5, WordOrder.LOW_FIRST);
        assertThat(registers.inputRegisters())
                .startsWith(
                        (short) 0x1234,
                        (short) 0x5678,
                        (short) 0x5678,
                        (short) 0x1234,
                        (short) 0x3FC0,
                        (short) 0x0000,
                        (short) 0x0000,
                        (short) 0x3FC0);
    }

    @Test
    void keepsTheAreasApart() {
        registers.bit(1, true);
        registers.bit(10002, true);
        assertThat(registers.coils()).startsWith(true, false);
        assertThat(registers.discreteInputs()).startsWith(false, true);
        assertThatThrownBy(() -> registers.bit(30001, true)).hasMessage("Reference 30001 is not a bit.");
        assertThatThrownBy(() -> registers.int16(10001, 1, 1)).hasMessage("Reference 10001 is not a register.");
    }
}

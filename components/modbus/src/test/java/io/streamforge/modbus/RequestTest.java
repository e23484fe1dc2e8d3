package io.streamforge.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The PDUs of writes, by the examples of Modbus Application Protocol V1.1b3. */
class RequestTest {

    /** §6.5: coil 173 on. */
    @Test
    void writesTheStandardsCoil() throws ProtocolException {
        Request request = Request.writeCoil(172, true);
        assertThat(pdu(request)).isEqualTo("0500acff00");
        assertThat(request.reply(bytes("0500ACFF00"))).isInstanceOf(Reply.Data.class);
        assertThat(pdu(Request.writeCoil(172, false))).isEqualTo("0500ac0000");
    }

    /** §6.6: register 2 to 3. */
    @Test
    void writesTheStandardsRegister() throws ProtocolException {
        Request request = Request.writeRegister(1, (short) 3);
        assertThat(pdu(request)).isEqualTo("0600010003");
        assertThat(request.reply(bytes("0600010003"))).isInstanceOf(Reply.Data.class);
        assertThatThrownBy(() -> request.reply(bytes("0600010004")))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("answer does not repeat the request 0x06");
        assertThat(request.reply(bytes("8602"))).isEqualTo(new Reply.Refusal(2));
    }

    /** §6.11, for one coil. */
    @Test
    void writesOneOfSeveralCoils() throws ProtocolException {
        Request request = Request.writeCoils(19, true);
        assertThat(pdu(request)).isEqualTo("0f001300010101");
        assertThat(request.reply(bytes("0F00130001"))).isInstanceOf(Reply.Data.class);
    }

    /** §6.12: registers 2 and 3 to 000A and 0102. */
    @Test
    void writesTheStandardsRegisters() throws ProtocolException {
        Request request = Request.writeRegisters(1, bytes("000A0102"));
        assertThat(pdu(request)).isEqualTo("100001000204000a0102");
        assertThat(request.reply(bytes("1000010002"))).isInstanceOf(Reply.Data.class);
    }

    /** §6.16: the mask of a bit that is set leaves all others as they are. */
    @Test
    void writesOneBitOfARegister() throws ProtocolException {
        Request request = Request.writeBit(4, 3, true);
        assertThat(pdu(request)).isEqualTo("160004fff70008");
        assertThat(request.reply(bytes("160004FFF70008"))).isInstanceOf(Reply.Data.class);
        assertThat(pdu(Request.writeBit(4, 15, false))).isEqualTo("1600047fff0000");
    }

    private static String pdu(Request request) {
        ByteBuffer pdu = ByteBuffer.allocate(request.length());
        request.putInto(pdu);
        return HexFormat.of().formatHex(pdu.array());
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}

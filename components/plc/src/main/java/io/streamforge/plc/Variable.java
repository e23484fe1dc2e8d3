package io.streamforge.plc;

/** What a point reads in the PLC. */
sealed interface Variable {

    /** How many, 1 if it is no array. */
    int elements();

    /** What an element is to be, as a message says it. */
    String shown();

    /**
     * A piece of memory, for PLCs that are asked for bytes.
     *
     * @param area as the driver's address begins: {@code %DB1:}, {@code %M}
     * @param start its first byte; of a timer or counter its number
     * @param bit of a BOOL, 0 (least significant) to 7; 0 for all others
     * @param length of a text, in characters, as it was declared; 0 for all others
     */
    record Memory(String area, int start, DataType type, int bit, int length, int elements) implements Variable {

        @Override
        public String shown() {
            return type.name();
        }

        /** The bytes of one element; those of bits share them. */
        int size() {
            return switch (type) {
                case STRING -> 2 + length;
                case WSTRING -> 4 + 2 * length;
                default -> type.bytes();
            };
        }

        /** The bytes of all elements. */
        int bytes() {
            return type == DataType.BOOL ? (bit + elements + 7) / 8 : size() * elements;
        }
    }

    /**
     * A variable by its name, for PLCs that say themselves of which type it is.
     *
     * @param name as the PLC's program writes it, without the bit
     * @param bit of a whole number, from 0 (least significant); {@link #WHOLE} for the number itself
     */
    record Symbol(String name, int bit, int elements) implements Variable {

        static final int WHOLE = -1;

        @Override
        public String shown() {
            return "value of a type that is read";
        }
    }

    /**
     * A property of an object (BACnet), by the standard's numbers.
     *
     * @param index of an element, {@link #WHOLE} for the property itself
     */
    record Property(int type, int instance, int property, int index) implements Variable {

        static final int WHOLE = -1;

        @Override
        public int elements() {
            return 1;
        }

        @Override
        public String shown() {
            return "value of a type that is read";
        }
    }
}

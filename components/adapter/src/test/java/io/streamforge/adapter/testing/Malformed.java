package io.streamforge.adapter.testing;

import java.util.Arrays;
import java.util.Random;

/** What becomes of a piece of a conversation: bits flipped, cut short, lengthened, repeated, or noise. */
final class Malformed {

    private static final int LONGEST_NOISE = 600;

    private Malformed() {}

    /** The same seed makes the same of it. */
    static byte[] of(byte[] whole, Random random) {
        byte[] piece = whole.clone();
        int at = random.nextInt(piece.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
                    piece[random.nextInt(piece.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> piece = Arrays.copyOf(piece, at);
            case 2 -> {
                piece = Arrays.copyOf(piece, piece.length + 1 + random.nextInt(LONGEST_NOISE));
                for (int i = at; i < piece.length; i++) {
                    piece[i] = (byte) random.nextInt();
                }
            }
            case 3 -> {
                int length = piece.length;
                piece = Arrays.copyOf(piece, length * 2);
                System.arraycopy(piece, 0, piece, length, length);
            }
            case 4 -> {
                // A length, a count or a sign is often one of these.
                piece[at] = (byte) 0xFF;
                piece[(at + 1) % piece.length] = (byte) (random.nextBoolean() ? 0xFF : 0x7F);
            }
            default -> {
                piece = new byte[random.nextInt(LONGEST_NOISE)];
                random.nextBytes(piece);
            }
        }
        return piece;
    }
}

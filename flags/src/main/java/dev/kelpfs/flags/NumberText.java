package dev.kelpfs.flags;

import java.math.BigInteger;

/**
 * Numbers as flags write them: decimal, {@code 0x} hex, {@code 0} or {@code 0o} octal, {@code 0b} binary, with single
 * underscores between digits or after the prefix.
 */
final class NumberText {
    private static final BigInteger MAX_UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private NumberText() {}

    static long signed(String text) throws BadValueException {
        boolean hasSign = text.startsWith("-") || text.startsWith("+");
        BigInteger size = magnitude(hasSign ? text.substring(1) : text);
        BigInteger value = text.startsWith("-") ? size.negate() : size;
        if (value.bitLength() >= Long.SIZE) throw BadValueException.outOfRange();
        return value.longValue();
    }

    /** The 64 bits of an unsigned number. */
    static long unsigned(String text) throws BadValueException {
        BigInteger value = magnitude(text);
        if (value.compareTo(MAX_UNSIGNED) > 0) throw BadValueException.outOfRange();
        return value.longValue();
    }

    static double decimal(String text) throws BadValueException {
        String digits = withoutUnderscores(text);
        boolean blanks = digits.isBlank() || !digits.equals(digits.strip());
        boolean onlyJavaReads = blanks || "dDfF".indexOf(digits.charAt(digits.length() - 1)) >= 0;
        if (onlyJavaReads) throw BadValueException.unreadable();
        double value;
        try {
            value = Double.parseDouble(digits);
        } catch (NumberFormatException notANumber) {
            throw BadValueException.unreadable();
        }
        boolean written = digits.endsWith("Infinity");
        if (Double.isInfinite(value) && !written) throw BadValueException.outOfRange();
        return value;
    }

    private static BigInteger magnitude(String text) throws BadValueException {
        int radix = 10;
        String digits = text;
        if (text.length() > 1 && text.charAt(0) == '0') {
            char mark = Character.toLowerCase(text.charAt(1));
            radix = mark == 'x' ? 16 : mark == 'b' ? 2 : 8;
            boolean letter = mark == 'x' || mark == 'b' || mark == 'o';
            digits = text.substring(letter ? 2 : 1);
            if (digits.startsWith("_")) digits = digits.substring(1);
        }
        String plain = withoutUnderscores(digits);
        boolean signInside = plain.startsWith("-") || plain.startsWith("+");
        if (plain.isEmpty() || signInside) throw BadValueException.unreadable();
        try {
            return new BigInteger(plain, radix);
        } catch (NumberFormatException notANumber) {
            throw BadValueException.unreadable();
        }
    }

    private static String withoutUnderscores(String digits) throws BadValueException {
        if (digits.indexOf('_') < 0) return digits;
        boolean misplaced = digits.startsWith("_") || digits.endsWith("_") || digits.contains("__");
        if (misplaced) throw BadValueException.unreadable();
        return digits.replace("_", "");
    }
}

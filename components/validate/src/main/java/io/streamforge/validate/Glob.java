package io.streamforge.validate;

/**
 * A name pattern: {@code *} stands for any run of characters, {@code ?} for exactly one.
 *
 * @param pattern not empty
 */
record Glob(String pattern) implements Comparable<Glob> {

    boolean matches(String name) {
        int inPattern = 0;
        int inName = 0;
        int star = -1;
        int starMatchedTo = 0;
        while (inName < name.length()) {
            if (inPattern < pattern.length() && pattern.charAt(inPattern) == '*') {
                star = inPattern++;
                starMatchedTo = inName;
            } else if (inPattern < pattern.length()
                    && (pattern.charAt(inPattern) == '?' || pattern.charAt(inPattern) == name.charAt(inName))) {
                inPattern++;
                inName++;
            } else if (star >= 0) {
                inPattern = star + 1;
                inName = ++starMatchedTo;
            } else {
                return false;
            }
        }
        return pattern.substring(inPattern).chars().allMatch(c -> c == '*');
    }

    /** The more specific is the greater: an exact name before any pattern, then the one that spells out more characters. */
    @Override
    public int compareTo(Glob other) {
        return Long.compare(specificity(), other.specificity());
    }

    private long specificity() {
        long spelled = pattern.chars().filter(c -> c != '*' && c != '?').count();
        return spelled == pattern.length() ? Long.MAX_VALUE : spelled * 2 + (pattern.indexOf('*') < 0 ? 1 : 0);
    }
}

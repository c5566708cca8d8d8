package dev.kelpfs.cli.command;

/** Which of the standard streams a person types into or looks at. */
@FunctionalInterface
public interface Terminals {
    /** The standard streams, by their descriptors. */
    enum Standard {
        IN(0),
        OUT(1),
        ERR(2);

        private final int descriptor;

        Standard(int descriptor) {
            this.descriptor = descriptor;
        }

        public int descriptor() {
            return descriptor;
        }
    }

    /** False for a pipe, a file, or nothing. */
    boolean isTerminal(Standard stream);
}

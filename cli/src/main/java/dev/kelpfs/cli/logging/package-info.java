/**
 * Log lines in the reference's form, so that whatever collects and parses those of the reference goes on working. Start at
 * {@link dev.kelpfs.cli.logging.Logging}.
 *
 * <p>The rooms log through slf4j; here logback is set up in code, because reading an XML file costs more than a tenth of
 * the whole start. Each line names source file and line, which costs a stack walk of some microseconds: lines tell
 * changes of state, so there are few. Files are written only when a directory is named with {@code -logdir}; a server
 * started by hand or in a container logs to stderr alone and leaves nothing behind in the temporary directory.
 *
 * <p>Source: command line, section 2.
 */
@NullMarked
package dev.kelpfs.cli.logging;

import org.jspecify.annotations.NullMarked;

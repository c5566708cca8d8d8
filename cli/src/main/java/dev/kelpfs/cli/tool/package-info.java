/**
 * What all tools share, as opposed to servers: how a run becomes an exit code and a message, and the form of a report. Start
 * at {@link dev.kelpfs.cli.tool.ToolRun}.
 */
@NullMarked
package dev.kelpfs.cli.tool;

import org.jspecify.annotations.NullMarked;

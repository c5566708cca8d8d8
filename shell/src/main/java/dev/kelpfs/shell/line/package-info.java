/**
 * How a line of the shell falls apart into commands and words. Pure. Source: admin shell, section 1.
 */
@NullMarked
package dev.kelpfs.shell.line;

import org.jspecify.annotations.NullMarked;

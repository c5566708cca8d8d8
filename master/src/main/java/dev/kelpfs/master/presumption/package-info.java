/**
 * What a new leader does about the servers that its predecessor knew: presumes them to be up, asks them all at once, and
 * believes what it hears. Start at {@link dev.kelpfs.master.presumption.Presumptions}.
 */
@NullMarked
package dev.kelpfs.master.presumption;

import org.jspecify.annotations.NullMarked;

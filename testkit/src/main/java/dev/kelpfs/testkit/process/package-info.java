/**
 * Real processes under a test's control: {@link dev.kelpfs.testkit.process.ProcessPlan} says what to run,
 * {@link dev.kelpfs.testkit.process.ManagedProcess} runs it, stops it in every way there is and reads its log and its use
 * of memory and processor. Linux only, as it sends signals and reads {@code /proc}.
 */
@NullMarked
package dev.kelpfs.testkit.process;

import org.jspecify.annotations.NullMarked;

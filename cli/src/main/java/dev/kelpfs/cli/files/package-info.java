/**
 * The sub-commands {@code upload} and {@code download}. Start at {@link dev.kelpfs.cli.files.UploadCommand}. Everything that
 * knows how files are stored and fetched is in {@link dev.kelpfs.client.KelpClient}; what is here chooses files, names them
 * and tells what became of them.
 */
@NullMarked
package dev.kelpfs.cli.files;

import org.jspecify.annotations.NullMarked;

package dev.kelpfs.core.config;

import org.jspecify.annotations.Nullable;

/** A configuration that a process must not start with; the message says where, what was expected and what to do. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }

    public ConfigurationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package dev.kelpfs.http.multipart;

import dev.kelpfs.http.RequestBodyException;

/** A body that is no proper multipart body; to be answered with 400. */
public final class MultipartException extends RequestBodyException {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;

    MultipartException(String message) {
        super(BAD_REQUEST, message);
    }
}

package io.streamforge.broker;

/** A registry call is refused, with the HTTP status and the code that Confluent's clients expect. */
final class RegistryException extends RuntimeException {

    private final int status;
    private final int code;

    private RegistryException(int status, int code, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(404, 40401, "Subject '%s' not found.".formatted(subject));
    }

    static RegistryException versionNotFound(String version) {
        return new RegistryException(404, 40402, "Version %s not found.".formatted(version));
    }

    static RegistryException schemaNotFound(String which) {
        return new RegistryException(404, 40403, "Schema %s not found.".formatted(which));
    }

    static RegistryException levelNotConfigured(String subject) {
        return new RegistryException(
                404, 40408, "Subject '%s' does not have subject-level compatibility configured.".formatted(subject));
    }

    static RegistryException pathNotFound(String path) {
        return new RegistryException(404, 404, "There is nothing at '%s'.".formatted(path));
    }

    static RegistryException methodNotAllowed(String method) {
        return new RegistryException(405, 405, "Method %s must be one of GET, POST, PUT.".formatted(method));
    }

    static RegistryException incompatible(String message) {
        return new RegistryException(409, 409, message);
    }

    static RegistryException badRequest(String message) {
        return new RegistryException(400, 400, message);
    }

    static RegistryException invalidSchema(String message) {
        return new RegistryException(422, 42201, message);
    }

    static RegistryException invalidVersion(String version) {
        return new RegistryException(
                422, 42202, "A version must be a number from 1 or 'latest', got '%s'.".formatted(version));
    }

    static RegistryException invalidLevel(String message) {
        return new RegistryException(422, 42203, message);
    }

    static RegistryException storeFailed(String message) {
        return new RegistryException(500, 50001, message);
    }

    int status() {
        return status;
    }

    int code() {
        return code;
    }
}

package io.streamforge.controlplane;

/** Bodies that tests send. */
final class Bodies {

    private Bodies() {}

    static String adapter(String id, String host, double scale) {
        return """
                {"id":"%s","name":"Adapter %s","connector":"modbus-tcp-source@1","asset":"%s",
                 "parameters":{"host":"%s","pollIntervalMs":500},
                 "points":[{"name":"temperature","address":40001,"type":"int16","scale":%s,"unit":"Cel"},
                           {"name":"running","area":"coil","address":1,"type":"bool","asset":"other-%s"}]}""".formatted(id, id, id, host, scale, id);
    }

    static String sink(String id) {
        return """
                {"id":"%s","name":"Sink","connector":"timescaledb-sink@1","topics":["telemetry.clean"],
                 "parameters":{"host":"127.0.0.1","database":"plant","user":"plant",
                               "password":{"$secret":"plant-db.password"}}}""".formatted(id);
    }

    static String rules(String id) {
        return """
                {"id":"%s","name":"Rules",
                 "validation":[{"asset":"press-*","parameter":"temperature","range":{"min":0,"max":120}}],
                 "aggregates":[{"resolutionMs":60000},{"resolutionMs":1000}]}""".formatted(id);
    }

    static String deployment(String id, String gateway, String adapter, String sink, String rules) {
        return """
                {"id":"%s","name":"Deployment","gatewayId":"%s","adapters":["%s"],"sinks":["%s"],"ruleSet":"%s"}""".formatted(id, gateway, adapter, sink, rules);
    }
}

package io.streamforge.expression;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelMutableAst;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.ast.CelMutableExprConverter;
import dev.cel.common.navigation.CelNavigableMutableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.validator.CelValidator;
import dev.cel.validator.CelValidatorFactory;
import dev.cel.validator.validators.RegexLiteralValidator;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A condition on one reading, in Google's Common Expression Language: {@code value < 80 || quality != 'GOOD'}. The language has no loops, no
 * assignments and no way to call code; macros are left out, so that the cost of an evaluation is bounded by the length of its text.
 *
 * <p>All numbers are real numbers, literals too: {@code value * 2 > 3} means what it says. The reading's value is a number, true or false, or a
 * text.
 *
 * <p>Compiled once, then safe for use by several threads.
 */
public final class Expression {

    /** In characters: what an operator can still read. */
    public static final int MAX_LENGTH = 1_000;

    private static final int MAX_DEPTH = 32;
    private static final int MAX_REGEX_PROGRAM = 1_000;

    /** The expression could not be evaluated for this reading, for instance because it compares a text with a number. */
    public static final class EvaluationException extends Exception {
        EvaluationException(@Nullable String message) {
            super(message, null, false, false);
        }
    }

    /** Made with the first expression: who has none does not load the language. */
    private static final class Language {
        private static final CelOptions OPTIONS = CelOptions.current()
                .maxExpressionCodePointSize(MAX_LENGTH)
                .maxParseRecursionDepth(MAX_DEPTH)
                .maxRegexProgramSize(MAX_REGEX_PROGRAM)
                .enableHeterogeneousNumericComparisons(true)
                .enableComprehension(false)
                .build();
        private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .addVar("value", SimpleType.DYN)
                .addVar("quality", SimpleType.STRING)
                .addVar("unit", SimpleType.STRING)
                .addVar("previous", SimpleType.DYN)
                .addVar("seconds", SimpleType.DOUBLE)
                .setResultType(SimpleType.BOOL)
                .build();
        private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .build();
        private static final CelValidator VALIDATOR = CelValidatorFactory.standardCelValidatorBuilder(COMPILER, RUNTIME)
                .addAstValidators(RegexLiteralValidator.INSTANCE)
                .build();
    }

    private final String text;
    private final CelRuntime.Program program;
    private final boolean comparing;

    private Expression(String text, CelRuntime.Program program, boolean comparing) {
        this.text = text;
        this.program = program;
        this.comparing = comparing;
    }

    /**
     * Compiles the text.
     *
     * @throws IllegalArgumentException naming every mistake with its position: {@code at 1:7: undeclared reference to 'valu'}, line and column
     *     counted from 1
     */
    public static Expression compile(String text) {
        try {
            CelAbstractSyntaxTree tree = Language.COMPILER
                    .check(withRealNumbers(Language.COMPILER.parse(text).getAst()))
                    .getAst();
            CelValidationResult literals = Language.VALIDATOR.validate(tree);
            if (literals.hasError()) {
                throw new IllegalArgumentException(sentence(literals.getErrors()));
            }
            boolean comparing = tree.getReferenceMap().values().stream()
                    .anyMatch(reference -> reference.name().equals("previous")
                            || reference.name().equals("seconds"));
            return new Expression(text, Language.RUNTIME.createProgram(tree), comparing);
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(sentence(e.getErrors()), e);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static CelAbstractSyntaxTree withRealNumbers(CelAbstractSyntaxTree parsed) {
        CelMutableAst tree = CelMutableAst.fromCelAst(parsed);
        CelNavigableMutableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == Kind.CONSTANT
                        && node.expr().constant().getKind() == CelConstant.Kind.INT64_VALUE)
                .forEach(node -> node.expr().setConstant(CelConstant.ofValue((double)
                        node.expr().constant().int64Value())));
        return CelAbstractSyntaxTree.newParsedAst(
                CelMutableExprConverter.fromMutableExpr(tree.expr()), parsed.getSource());
    }

    private static String sentence(ImmutableList<CelIssue> issues) {
        return issues.stream()
                .map(issue -> {
                    CelSourceLocation at = issue.getSourceLocation();
                    return at.getLine() < 1
                            ? issue.getMessage()
                            : "at %d:%d: %s".formatted(at.getLine(), at.getColumn() + 1, issue.getMessage());
                })
                .collect(Collectors.joining("; "));
    }

    /** Whether it asks for the previous value or the time since: without a previous reading it cannot be evaluated. */
    public boolean comparing() {
        return comparing;
    }

    /**
     * Whether the condition holds.
     *
     * @param value a Double, Boolean or String
     * @param quality GOOD, SUSPECT or UNCERTAIN: the verdict of the device
     * @param unit UCUM code, empty for none
     * @param previous the value before, as {@code value}; null if {@link #comparing()} is false
     * @param seconds how long ago that was, in seconds of event time
     */
    public boolean holds(Object value, String quality, String unit, @Nullable Object previous, double seconds)
            throws EvaluationException {
        try {
            return (boolean) program.eval(name -> switch (name) {
                case "value" -> Optional.of(value);
                case "quality" -> Optional.of(quality);
                case "unit" -> Optional.of(unit);
                case "previous" -> Optional.ofNullable(previous);
                case "seconds" -> Optional.of(seconds);
                default -> Optional.empty();
            });
        } catch (CelEvaluationException e) {
            throw new EvaluationException(e.getMessage());
        }
    }

    @Override
    public String toString() {
        return text;
    }
}

/** What may be changed in one line of code. Whether the result still type-checks is for the caller to see. */
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import * as is from 'typescript/unstable/ast/is';

/** The text from `start` to `end` becomes `text`. */
export interface Mutation {
  start: number;
  end: number;
  text: string;
}

/** Values, other than its own, that a string literal may have where it stands; empty: any text. */
export type OtherValues = (literal: Node) => readonly string[];

/** Every single-line mutation of the file, in the order of its text. */
export function mutationsOf(file: SourceFile, otherValues: OtherValues): Mutation[] {
  const found: Mutation[] = [];
  const visit = (node: Node): void => {
    if (is.isImportDeclaration(node) || is.isTypeNode(node) || isTypeDeclaration(node)) return;
    found.push(...ofNode(node, file, otherValues));
    node.forEachChild(visit);
  };
  visit(file);
  const lineOf = (position: number) => file.getLineStarts().findLastIndex(start => start <= position);
  return found
    .filter(({ start, end, text }) => lineOf(start) === lineOf(end) && file.text.slice(start, end) !== text)
    .toSorted((a, b) => a.start - b.start || a.end - b.end || (a.text < b.text ? -1 : 1));
}

const isTypeDeclaration = (node: Node): boolean =>
  is.isInterfaceDeclaration(node) || is.isTypeAliasDeclaration(node) || is.isExportDeclaration(node);

function ofNode(node: Node, file: SourceFile, otherValues: OtherValues): Mutation[] {
  const textOf = (part: Node) => file.text.slice(startOf(part), part.end);
  const startOf = (part: Node) => part.getStart(file);
  const become = (part: Node, ...texts: string[]): Mutation[] =>
    texts.map(text => ({ start: startOf(part), end: part.end, text }));

  if (is.isIfStatement(node) || is.isConditionalExpression(node)) {
    const condition = is.isIfStatement(node) ? node.expression : node.condition;
    const negated = isInverted(condition) ? [] : [`!(${textOf(condition)})`];
    return become(condition, ...negated, 'true', 'false');
  }
  if (is.isBinaryExpression(node)) {
    const operator = node.operatorToken;
    const operands = /^(&&|\|\||\?\?)$/.test(textOf(operator)) ? [textOf(node.left), textOf(node.right)] : [];
    return [...become(operator, ...(otherOperators[textOf(operator)] ?? [])), ...become(node, ...operands)];
  }
  if (is.isPrefixUnaryExpression(node)) return become(node, textOf(node.operand));
  if (is.isAwaitExpression(node)) return become(node, textOf(node.expression));
  if (node.kind === SyntaxKind.TrueKeyword) return become(node, 'false');
  if (node.kind === SyntaxKind.FalseKeyword) return become(node, 'true');
  if (is.isNumericLiteral(node) && !isSign(node))
    return become(node, String(Number(textOf(node).replaceAll('_', '')) + 1));
  if (is.isStringLiteral(node) && !isName(node)) {
    const others = otherValues(node);
    const other = others.length > 0 ? others[(others.indexOf(node.text) + 1) % others.length] : node.text && '';
    return become(node, `'${other ?? 'x'}'`);
  }
  if (is.isArrayLiteralExpression(node)) return node.elements.flatMap(each => without(each, file));
  if (is.isObjectLiteralExpression(node)) return node.properties.flatMap(each => without(each, file));
  if (is.isCallExpression(node) && is.isPropertyAccessExpression(node.expression)) {
    const { name, expression } = node.expression;
    const other = otherMethods[name.text];
    return [
      ...(other ? become(name, other) : []),
      ...(removable.has(name.text) ? become(node, textOf(expression)) : []),
    ];
  }
  const isDropped =
    is.isExpressionStatement(node) ||
    is.isThrowStatement(node) ||
    is.isBreakStatement(node) ||
    is.isContinueStatement(node) ||
    (is.isReturnStatement(node) && !node.expression);
  return isDropped ? become(node, ';') : [];
}

const otherOperators: Record<string, string[]> = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '+=': ['-='],
  '&&': ['||'],
  '||': ['&&'],
};

const otherMethods: Record<string, string> = {
  some: 'every',
  every: 'some',
  find: 'findLast',
  findLast: 'find',
  min: 'max',
  max: 'min',
};

const removable = new Set(['filter', 'sort', 'toSorted', 'slice', 'toLowerCase']);

/** Conditions whose own operator has a mutation that negates them. */
const isInverted = (condition: Node): boolean =>
  is.isPrefixUnaryExpression(condition) ||
  (is.isBinaryExpression(condition) && !/^(&&|\|\|)$/.test(condition.operatorToken.getText()));

/** 1 and -1 where a comparison is chosen: only their sign counts. */
function isSign(literal: Node): boolean {
  const chosen = is.isPrefixUnaryExpression(literal.parent) ? literal.parent : literal;
  return literal.getText() === '1' && is.isConditionalExpression(chosen.parent);
}

/** Names of properties and modules are no values. */
const isName = ({ parent, pos }: Node): boolean =>
  is.isExportDeclaration(parent) || (is.isPropertyAssignment(parent) && parent.name.pos === pos);

/** An element with the comma after it, so that none is left. */
function without(element: Node, file: SourceFile): Mutation[] {
  const comma = /^\s*,/.exec(file.text.slice(element.end))?.[0].length ?? 0;
  return [{ start: element.getStart(file), end: element.end + comma, text: '' }];
}

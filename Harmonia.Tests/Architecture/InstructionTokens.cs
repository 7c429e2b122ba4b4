using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Harmonia.Tests.Architecture;

/// <summary>Finds the types, methods, fields and signatures that a method's instructions name (ECMA-335, III.1.9).</summary>
internal static class InstructionTokens
{
    private const byte TwoByteOpcode = 0xFE;

    private static readonly Dictionary<ushort, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(opcode => unchecked((ushort)opcode.Value), opcode => opcode.OperandType);

    public static IEnumerable<EntityHandle> Of(BlobReader instructions)
    {
        List<EntityHandle> tokens = new();
        while (instructions.RemainingBytes > 0)
        {
            ushort opcode = instructions.ReadByte();
            if (opcode == TwoByteOpcode)
                opcode = (ushort)((TwoByteOpcode << 8) | instructions.ReadByte());

            OperandType operand = Operands[opcode];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineSig or OperandType.InlineTok
                or OperandType.InlineType)
            {
                tokens.Add((EntityHandle)MetadataTokens.Handle(instructions.ReadInt32()));
            }
            else
            {
                instructions.Offset += SizeOf(operand, instructions);
            }
        }

        return tokens;
    }

    private static int SizeOf(OperandType operand, BlobReader instructions) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => (instructions.ReadInt32() + 1) * sizeof(int),
        _ => throw new InvalidDataException($"Operand {operand} is unknown."),
    };
}

namespace EdgePrune.Onnx;

/// <summary>The only place where inputs, outputs and use-lists are touched, so that they always agree.</summary>
internal static class NodeWiring
{
    public static void AddInput(Node node, Value? value)
    {
        node.InputList.Add(value);
        value?.AddUse(new Use(node, node.InputList.Count - 1));
    }

    public static void SetInput(Node node, int index, Value? value)
    {
        while (node.InputList.Count <= index)
        {
            node.InputList.Add(null);
        }

        node.InputList[index]?.RemoveUse(new Use(node, index));
        node.InputList[index] = value;
        value?.AddUse(new Use(node, index));
    }

    public static void AddCapture(Node node, Value value)
    {
        node.CaptureList.Add(value);
        value.AddUse(new Use(node, -1));
    }

    public static void AddOutput(Node node, Value? value)
    {
        node.OutputList.Add(value);
        if (value is not null)
        {
            value.Producer = node;
        }
    }

    public static void SetOutput(Node node, int index, Value value)
    {
        if (node.OutputList[index] is { } old && old.Producer == node)
        {
            old.Producer = null;
        }

        node.OutputList[index] = value;
        value.Producer = node;
    }

    public static void Detach(Node node)
    {
        for (var i = 0; i < node.InputList.Count; i++)
        {
            node.InputList[i]?.RemoveUse(new Use(node, i));
        }

        foreach (var capture in node.CaptureList)
        {
            capture.RemoveUse(new Use(node, -1));
        }

        foreach (var output in node.OutputList.Where(o => o?.Producer == node))
        {
            output!.Producer = null;
        }

        node.InputList.Clear();
        node.CaptureList.Clear();
    }
}

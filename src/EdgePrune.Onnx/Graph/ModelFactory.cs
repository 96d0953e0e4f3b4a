namespace EdgePrune.Onnx;

/// <summary>Makes models in code.</summary>
public static class ModelFactory
{
    /// <summary>An empty model to be filled through a <see cref="GraphEditor"/>.</summary>
    /// <param name="name">Name of the graph.</param>
    /// <param name="opset">Version of the standard operator set. Default: 17.</param>
    /// <param name="irVersion">Version of the file format. Default: 8.</param>
    /// <returns>The model.</returns>
    public static Model Create(string name, int opset = 17, int irVersion = 8)
    {
        var model = new Model(new Graph(name)) { IrVersion = irVersion };
        model.OpsetMap[""] = opset;
        return model;
    }
}

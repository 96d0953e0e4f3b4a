using TorchSharp;
using static TorchSharp.torch.nn;

namespace EdgePrune.Bench;

/// <summary>The residual net of the training step, as one writes it by hand.</summary>
internal sealed class ResidualModule : Module<torch.Tensor, torch.Tensor>
{
    private readonly Module<torch.Tensor, torch.Tensor> _stem;
    private readonly Module<torch.Tensor, torch.Tensor> _blocks;
    private readonly Module<torch.Tensor, torch.Tensor> _head;

    public ResidualModule(IReadOnlyList<int> widths)
        : base(nameof(ResidualModule))
    {
        _stem = Sequential(Conv2d(3, widths[0], 3, padding: 1, bias: false), BatchNorm2d(widths[0]), ReLU());
        var from = widths[0];
        List<Module<torch.Tensor, torch.Tensor>> blocks = [];
        foreach (var width in widths)
        {
            for (var block = 0; block < 3; block++, from = width)
            {
                blocks.Add(new Block(from, width));
            }
        }

        _blocks = Sequential(blocks);
        _head = Linear(from, 10);
        RegisterComponents();
    }

    public override torch.Tensor forward(torch.Tensor input) => _head.forward(_blocks.forward(_stem.forward(input)).mean([2, 3]));

    private sealed class Block : Module<torch.Tensor, torch.Tensor>
    {
        private readonly Module<torch.Tensor, torch.Tensor> _deep;
        private readonly Module<torch.Tensor, torch.Tensor>? _short;

        public Block(int from, int to)
            : base(nameof(Block))
        {
            var stride = from == to ? 1 : 2;
            _deep = Sequential(Conv2d(from, to, 3, stride: stride, padding: 1, bias: false), BatchNorm2d(to), ReLU(), Conv2d(to, to, 3, padding: 1, bias: false), BatchNorm2d(to));
            _short = stride == 1 ? null : Sequential(Conv2d(from, to, 1, stride: 2, bias: false), BatchNorm2d(to));
            RegisterComponents();
        }

        public override torch.Tensor forward(torch.Tensor input) => (_deep.forward(input) + (_short is null ? input : _short.forward(input))).relu();
    }
}

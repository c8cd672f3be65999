"""Names that people call each other by: the owner's, the other recipients', and given names.

Used to tell to whom a sentence is put. The list is of frequent given names in the languages
that ackd reads; a word that is also an ordinary one at the start of a sentence (Mark, Will,
Grace) counts only where it is set off as an address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ackd.model import Address, Owner
from ackd.text.languages import every_word
from ackd.text.tokens import plain

_SHORT_FORMS = """
    robert bob rob bobby robbie bert; william will bill billy willy liam; richard rick dick rich ricky;
    james jim jimmy jamie; john jack johnny jon; michael mike mick mickey michi; thomas tom tommy;
    edward ed eddie ted ned; charles charlie chuck carl; joseph joe joey jo; daniel dan danny; david
    dave davey; steven stephen steve stefan; matthew matt matthias; anthony tony anton; andrew andy drew
    andreas; christopher chris kit christian christoph christine christina kristin; nicholas nick nico
    nicolas nikolaus niko; benjamin ben benny; samuel samantha sam sammy; alexander alexandra alex sandy
    sandra sasha lex; gregory greg; jeffrey jeff geoff geoffrey; kenneth ken kenny; ronald ron ronnie;
    donald don donnie; lawrence larry laurence; gerald jerry gerry; timothy tim timmy; frederick fred
    freddy frederic; patrick patricia pat paddy patty; peter pete; philip phil phillip; raymond ray;
    douglas doug; walter walt wally; leonard len leo lenny; vincent vince vinnie; martin marty; theodore
    theo ted; albert al bert; francis frank fran frances francisco paco pancho; elizabeth liz beth
    lizzie betty eliza elisabeth elsbeth lisa libby betsy; margaret maggie meg peggy marge greta;
    katherine catherine kathryn kate katie kathy cathy kat karen katharina; jennifer jen jenny; alice
    ally ali alicia lisa; susan sue susie suzanne susanne; deborah debra deb debbie; rebecca becky
    becca; victoria vicky tori; barbara barb babs; jacqueline jackie; stephanie steph steffi; pamela
    pam; cynthia cindy; kimberly kim; angela angie; theresa teresa terry tess; judith judy; dorothy dot
    dottie; jessica jess jessie; amanda mandy; melissa mel lissa; nancy nan; abigail abby gail;
    josephine jo josie; johannes hans johann hannes; wolfgang wolf; sebastian basti seb; maximilian max;
    friedrich fritz fred; heinrich heinz heiner; guillermo memo guille; jose pepe; manuel manolo manu;
    ignacio nacho; antonio toni tono; rafael rafa; fernando nando; isabel isa; dolores lola; concepcion
    concha; giuseppe beppe pino peppe; luigi gigi; giovanni gianni vanni; alessandro ale sandro;
    alessandra ale sandra; jan johan hans; hendrik henk rik; cornelis kees cor; gerardus gerard ger;
    wilhelmus wim willem; pieter piet; antonius ton toon
"""
_GIVEN = """
    aaron abel adam adele adrian adriana agnes aidan alain alan alba albert alberto aldo alejandra
    alejandro alessandra alessandro alessia alex alexander alexandra alfonso alfred alfredo alice alicia
    alison allan allen amanda amelie amy ana anabel andre andrea andreas andres andrew angel angela
    angelo anita anja anke anna anne annette annick annie anthony antoine anton antonella antonia
    antonio armando arnaud arthur astrid audrey aurelie axel barbara bart bas beatrice beatriz ben
    benjamin benoit bernard bernd bernhard berta beth bianca bill birgit bjorn bob boris brandon brenda
    brian bruce bruno camille carl carla carlo carlos carmen carol carolina caroline caterina catherine
    cathy cecilia cecile celine cesar chantal charles charlotte chiara chloe chris christa christel
    christian christiane christina christine christoph christophe cindy claire clara claudia claudio
    clemens cornelia cristian cristina cynthia dagmar damien dan daniel daniela daniele danielle danny
    dario dave david davide deborah debbie debra delphine denis dennis derek diana diane didier diego
    dieter dietmar dirk dominik dominique don donald donna doris dorothea douglas duarte eduardo edward
    elena eleonora elisa elisabeth elise elizabeth elke ellen els elsa emanuele emilie emilio emily emma
    emmanuel enrico enrique eric erica erik ernesto ernst erwin esther etienne eugenio eva evelyn fabian
    fabien fabio fabrizio federica federico felipe felix ferdinand fernanda fernando filipa filipe
    florence florian floris frances francesca francesco francis francisco franck francois francoise
    frank franz fred frederic frederik friedrich fritz gabriel gabriela gabriele gabrielle gary georg
    george georges gerald gerard gerd gerhard gert giacomo gianluca gilles gina gino giorgia giorgio
    giovanna giovanni giulia giulio giuseppe gloria gonzalo graham greg gregory guido guilherme
    guillaume gunter gunther gustavo guy hanna hannah hannes hans harald harry heather hector heidi
    heike heiko heiner heinrich heinz helen helena helene helga helmut hendrik henk henri henrique henry
    herbert herve holger hubert hugo ian ignacio ilaria ilse ines inge ingo ingrid irene iris isabel
    isabella isabelle ivan ivo jack jacob jacques jaime jakob james jan jana jane janet janine jasmin
    jason javier jean jeff jeffrey jen jenny jens jeremy jerome jessica jesus jill jim joachim joan
    joana joanna joanne joao jochen joe joel johan johann johanna johannes john jonas jonathan jordi
    jorg jorge jose josef joseph joyce juan juana judith jules julia julian juliana julie julien
    juliette julio jurgen justine karen karin karl karsten kate katharina katherine kathleen kathrin
    kathy katia katja katrin katy keith kelly kenneth kerstin kevin kim klaus konrad kristin kurt lara
    larry lars laura laurence laurent lea lena leo leon leonardo leonie leonor leticia liam lidia lilly
    linda lisa liz lorena lorenzo lotte louis louise luc luca lucas lucia luciana luciano lucie ludovic
    luigi luis luisa lukas luke lutz lynn madalena madeleine magali magda maike manfred manon manuel
    manuela marc marcel marcela marcello marcelo marco marcos marcus margaret margarida margit margot
    maria mariana marianne marie marina mario marion marisa markus marlene marta martha martin martina
    martine mary massimo mateo mathias mathieu mathilde matilde matteo matthew matthias matthieu mauro
    maurice maurizio max maxime maximilian melanie melissa mercedes mia michael michaela michel michela
    michele michelle mickael miguel mike mireille miriam mirko monica monika monique muriel nadia nadine
    nancy natalia natalie nathalie nathan nicholas nick nico nicola nicolas nicole niels nils nina noah
    noelia noemi nora norbert nuno odile olaf oliver olivia olivier oscar oskar otto pablo paolo pascal
    patricia patricio patrick paul paula paulina pauline paulo pedro peggy peter petra phil philip
    philipp philippe pierre pieter pietro pilar rachel rafael raffaele rainer ralf ralph ramon raphael
    raquel raul raymond rebecca regina regine reinhard remi renata renate rene ricardo riccardo richard
    rick rita rob robert roberta roberto robin rocio rodrigo roger roland rolf roman ron ronald rosa
    rosario rudi rudolf rui ruben ruth ryan sabine sabrina salvatore sam samantha samuel sandra sandrine
    sara sarah sascha sebastian sebastien serena sergio severine sharon shirley silke silvana silvia
    simon simona simone sofia sonia sonja sophie stefan stefania stefanie stefano steffen stephan
    stephane stephanie stephen steve steven stuart sue susan susana susanna susanne suzanne svenja sven
    sylvain sylvia sylvie tamara tania tanja tatjana teresa thea theo theresa therese thierry thomas
    thorsten tiago tim timo tobias todd tom tomas tommaso tommy tony torsten tracy udo ulrich ulrike
    ursula ute uwe valentin valentina valeria valerie vanessa vera veronica veronika veronique vicente
    victor victoria vincent vincenzo virginia virginie viviana volker walter waltraud wendy werner
    wilfried wilhelm willem william wim wolfgang xavier yann yannick yolanda yves yvonne zoe ahmed ali
    mohammed mohamed fatima aisha priya raj ravi anil sunil deepak sanjay vijay amit rahul neha wei li
    chen hiroshi kenji yuki olga igor dmitri natasha svetlana anya ivana piotr pawel agnieszka katarzyna
    jean-luc grace mark will art rich rose faith hope joy dawn june april may summer drew chase grant
    miles maureen elspeth jeannie eliz sherri rosie jeanne marilyn barb vince stan rod ken kay lou abdul
    abigail ada akira alana alexis alexia alma alonso alvin alyssa amber amir anastasia angelica angus
    annabel ari ariana arjun arlene armin arnold ashley aurora ava barry beatrix becky belinda bella
    bernadette bernice bert bessie beverly blake bonnie brad bradley brandy brent brett bridget brooke
    bryan byron caitlin caleb calvin cameron candice carrie casey cassandra cecil celia chad charlene
    chelsea cheryl christie christy chuck clarence claude clay clayton clifford clinton clint cody colin
    colleen connie connor corey courtney craig crystal curtis cyril daisy dale dana darlene darren
    darryl dean deanna debora deepa della denise derrick desmond dinesh dolores dominic doreen dorothy
    duncan dustin dwayne dwight earl eddie edgar edith edwin eileen elaine eleanor eli elias elijah ella
    elliot ellis elmer elsie elvira emil emilia erin ernest ethan ethel eugene eunice evan faisal faye
    felicia felicity fiona floyd forrest francine frankie freda freddie frederica gavin gene geoffrey
    georgia geraldine gerry gilbert gilberto ginny giselle gladys glen glenn gordon graeme greta
    gretchen gwen hal hank harold harvey hassan hazel heath hilary hilda holly howard hussein ibrahim
    ida imran ira irma isaac isaiah ismael jackson jade jake jamal janice jared jasmine jay jeanette
    jeannette jenna jeremiah jerry jesse jessie jimmy jo jocelyn jodi jody joey jordan josefina
    josephine josh joshua juanita judy justin kara karla karina kathryn katie katrina kayla keira kelley
    kelvin kendra kenny kerry khalid kirk kirsten kristen kristina kristy kumar kyle lakshmi lance
    larissa latoya laurel laurie lauren leanne lee leah leila leland leona leonard leroy leslie lester
    lewis lila lily lindsay lindsey lionel lloyd logan lois loretta lori lorraine louisa lucille lucy
    luther lydia lyle mabel mack madison maggie mahmoud malcolm mandy marcia margie marjorie marlon
    marshall marvin mathew mattie mavis maxine megan mei melinda melody melvin meredith merle micah
    micheal mildred milton mindy minh miranda mitch mitchell molly morgan morris muhammad murray myra
    myrna naomi nathaniel neal neil nelson nelly nicky nigel nikhil nikita noel norma norman oleg omar
    otis owen pamela parker patty pavel pearl penny perry phoebe phyllis pradeep prakash preston
    priscilla rachael rajesh ramesh ramona randall randy rashid ray reggie reginald renee rhonda ricky
    riley rodney ronnie rory rosalie rosalind rosemary ross roxanne roy ruby rudy russell rusty sadie
    sally santiago sasha saul scott sean seth shane shannon shaun shawn sheila shelby shelley shelly
    sheri sherry sheryl sidney sophia spencer stacey stacy stanley stella stewart sunita suresh
    sylvester tabitha tammy tanya tara tasha taylor ted teddy terence terrence terri terry tessa thelma
    tiffany timothy tina toby tracey travis trevor tricia trish tristan troy tyler vernon vicki vicky
    viola violet virgil vivian vladimir wade wallace wanda warren wayne wendell wesley whitney wilbur
    willard willie wilma winston yusuf yvette zachary
"""
_ORDINARY = """
    will mark may hope grace joy dawn june april summer art bill rich grant chase miles rose frank drew
    faith li raj rob sue don guy jan max leo linda taylor parker morgan jordan jackson marshall mitchell
    logan blake brooke dale dean earl gene heath hazel holly ivy jade jay lance lee mack pearl penny
    perry preston ray ruby rusty shelby spencer stewart victor violet wade warren kumar lewis nelson
    murray norman ross scott craig gordon glen crystal amber daisy lily rosemary chuck melody mercedes
    georgia florence madison sidney carol eve kay kelly kelley kerry leslie lindsay riley howard harvey
    duncan curtis clay brad dan noel angel mia alba luz bas ida ella elle pat viola rita iris pilar mai
    maria alma aurora ava della rudi sally gale nan peg ward stacy brandy ginger candy sandy buddy
    chance al lea ravi ton ben toon
"""
_AMBIGUOUS = frozenset(_ORDINARY.split())
_SPLIT = re.compile(r"[^\w'-]+|[._-]+|\d+")


def _groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for line in _SHORT_FORMS.replace("\n", " ").split(";"):
        forms = set(line.split())
        for form in forms:
            groups.setdefault(form, set()).update(forms)
    return {form: frozenset(forms) for form, forms in groups.items()}


_FORMS = _groups()
GIVEN = frozenset(_GIVEN.split()) | frozenset(_FORMS) | every_word("given", "names")
"""Given names, in plain form: those of many countries, and those that a language's folder adds."""


def is_ambiguous(name: str) -> bool:
    """Whether the name is also an ordinary word or another one's family name."""
    return name in _AMBIGUOUS


def parts(text: str) -> set[str]:
    """The parts of a display name or a local part that somebody could be called by."""
    return {part for part in _SPLIT.split(plain(text)) if len(part) > 1 and not part.isdigit()}


def forms(names: Iterable[str]) -> frozenset[str]:
    """The names with their short and long forms (Bob for Robert)."""
    found: set[str] = set()
    for name in names:
        found |= {name} | _FORMS.get(name, frozenset())
    return frozenset(found)


@lru_cache(maxsize=64)
def of_owner(owner: Owner) -> frozenset[str]:
    """What the owner may be called: parts of the names and of the addresses, and their forms."""
    found = parts(" ".join((owner.name, *owner.names)))
    for address in owner.keys:
        found |= parts(address.partition("@")[0])
    return forms(found)


@lru_cache(maxsize=1024)
def of_address(address: Address) -> frozenset[str]:
    """What a recipient may be called."""
    return forms(parts(address.name) | parts(address.email.partition("@")[0]))
